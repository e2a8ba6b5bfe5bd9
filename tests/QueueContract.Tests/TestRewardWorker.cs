using System.Text.Json.Nodes;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Ranks;
using Fleet.Rewards;
using Fleet.Worker.Runs;
using Fleet.Worker.Scoring;

namespace Fleet.QueueContract.Tests;

/// <summary>A custom worker that is loaded as a plug-in; it has a method for each dispatch mode, and a gate that a test may hold a row at.</summary>
/// <remarks>A plug-in is another copy of this assembly, so only types of the platform pass between a test and its worker.</remarks>
public sealed class TestRewardWorker : RewardWorker
{
    private Func<string, CancellationToken, Task>? _gate;
    private string _firstPlace = "";
    private int _scored;

    public override async Task InitializeAsync(WorkerSetup setup, CancellationToken cancellation)
    {
        await base.InitializeAsync(setup, cancellation);
        _firstPlace = Place(RankInfo);
        _gate = (Func<string, CancellationToken, Task>?)setup.Services.GetService(typeof(Func<string, CancellationToken, Task>));
    }

    protected internal override async ValueTask<RewardScore> ScoreAsync(Rollout rollout, CancellationToken cancellation)
    {
        if (_gate is not null) await _gate(rollout.Response, cancellation);
        Interlocked.Increment(ref _scored);
        var isRight = rollout.Response == rollout.GroundTruth;
        return RewardScore.Scored(isRight ? 1 : 0, new Reason(isRight ? "equal" : "not_equal"), new JsonObject { ["characters"] = rollout.Response.Length, ["place"] = Place(RankInfo) });
    }

    [Register(DispatchMode.OneToAll)]
    public DataProto All(DataProto data) => Mark(data);

    [Register(DispatchMode.OneToAllOne)]
    public DataProto First(DataProto data) => Mark(data);

    [Register(DispatchMode.AllToAll)]
    public Task<DataProto> EachAsync(DataProto data, CancellationToken cancellation) => Task.FromResult(Mark(data));

    [Register(DispatchMode.DpMpCompute)]
    public DataProto Compute(DataProto data) => Mark(data);

    [Register(DispatchMode.DpMpDispatchFirst)]
    public DataProto DispatchFirst(DataProto data) => Mark(data);

    [Register(DispatchMode.DpMpDispatchFirstCollectAll)]
    public DataProto DispatchFirstCollectAll(DataProto data) => Mark(data);

    [Register(DispatchMode.OneToAll)]
    public void Fails() => throw new InvalidOperationException($"it was asked to on rank {RankInfo.Rank}");

    /// <summary>Where this rank stood when it was initialised, where it stands now, and how many rows it has scored.</summary>
    [Register(DispatchMode.OneToAll)]
    public DataProto Standing() => DataProto.Empty.WithMeta(MetaInfo.Empty.With("first", _firstPlace).With("now", Place(RankInfo)).With("scored", Volatile.Read(ref _scored)));

    private static string Place(RankInfo info) => $"dp {info.DpRank}/{info.DpSize} tp {info.TpRank}/{info.TpSize} pp {info.PpRank}/{info.PpSize} of {info.WorldSize}";

    /// <summary>The batch with the rank that had it: in a column where there are rows, in the meta as a metric where there are none.</summary>
    private DataProto Mark(DataProto data) => data.Length == 0
        ? data.WithMeta(data.MetaInfo.With("by", RankInfo.Rank))
        : data.With("by", ValueColumn.OfNumbers([.. Enumerable.Repeat((double?)RankInfo.Rank, data.Length)]));
}
