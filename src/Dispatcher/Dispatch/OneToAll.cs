using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Dispatcher.Clusters;

namespace Fleet.Dispatcher.Dispatch;

/// <summary>The same argument to every rank.</summary>
internal static class OneToAll
{
    public static IReadOnlyList<DataProto?> Dispatch(CallArguments arguments, ClusterSnapshot snapshot)
    {
        if (arguments.PerRank is not null) throw new FleetException("The method takes the same argument on every rank; give one batch, not one for each rank.");
        var batch = arguments.Batch ?? DataProto.Empty;
        return [.. snapshot.Ranks.Select(_ => batch)];
    }

    /// <summary>Rank 0's result only.</summary>
    public static IReadOnlyList<DataProto> CollectFirst(IReadOnlyList<DataProto?> results, ClusterSnapshot snapshot) => [results[0] ?? DataProto.Empty];
}

/// <summary>All results, in rank order.</summary>
internal static class Everything
{
    public static IReadOnlyList<DataProto> Collect(IReadOnlyList<DataProto?> results, ClusterSnapshot snapshot) =>
        [.. results.Select(result => result ?? DataProto.Empty)];
}
