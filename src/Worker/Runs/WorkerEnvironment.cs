using System.Globalization;

namespace Fleet.Worker.Runs;

/// <summary>What a worker is called and where it stands, as its environment variables say it.</summary>
/// <remarks>Source: alibaba/ROLL@8eb27cc2 roll/distributed/executor/worker.py, the variables of a worker process.</remarks>
public sealed record WorkerEnvironment(string WorkerName, string ClusterName, int Rank, int WorldSize, int LocalRank)
{
    /// <summary>A worker outside of any cluster.</summary>
    public static WorkerEnvironment None { get; } = new("worker", "none", 0, 1, 0);

    /// <summary>The variables by name: WORKER_NAME, CLUSTER_NAME, RANK, WORLD_SIZE, LOCAL_RANK.</summary>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        ["WORKER_NAME"] = WorkerName,
        ["CLUSTER_NAME"] = ClusterName,
        ["RANK"] = Rank.ToString(CultureInfo.InvariantCulture),
        ["WORLD_SIZE"] = WorldSize.ToString(CultureInfo.InvariantCulture),
        ["LOCAL_RANK"] = LocalRank.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The names that the reference gives to the workers of a reward cluster: <c>reward-math_rule-0</c>.</summary>
    public static WorkerEnvironment ForDomain(string domain, int rank, int worldSize) =>
        new(string.Create(CultureInfo.InvariantCulture, $"reward-{domain}-{rank}"), $"reward-{domain}", rank, worldSize, LocalRank: 0);
}
