using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Dispatcher.Clusters;

namespace Fleet.Dispatcher.Dispatch;

/// <summary>Argument i to rank i.</summary>
internal static class AllToAll
{
    public static IReadOnlyList<DataProto?> Dispatch(CallArguments arguments, ClusterSnapshot snapshot)
    {
        if (arguments is { PerRank: null, Batch: null }) return [.. snapshot.Ranks.Select(_ => DataProto.Empty)];
        if (arguments.PerRank?.Count == snapshot.Ranks.Count) return [.. arguments.PerRank];
        throw new FleetException(
            $"The method takes one argument for each of {snapshot.Ranks.Count} ranks, in rank order; {arguments.PerRank?.Count ?? 1} were given.");
    }
}
