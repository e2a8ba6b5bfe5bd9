using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Dispatcher.Clusters;

namespace Fleet.Dispatcher.Dispatch;

/// <summary>Shards over the data-parallel groups: q+1 rows to the first r of them; fewer rows than groups leave some without.</summary>
internal static class DataParallel
{
    /// <summary>Every rank of group i gets shard i.</summary>
    public static IReadOnlyList<DataProto?> Dispatch(CallArguments arguments, ClusterSnapshot snapshot)
    {
        var shards = Shards(arguments, snapshot);
        return [.. snapshot.Ranks.Select(rank => shards[rank.Info.DpRank])];
    }

    /// <summary>The first rank of group i gets shard i; its peers get the shard's meta alone, and the rows from it.</summary>
    public static IReadOnlyList<DataProto?> DispatchFirst(CallArguments arguments, ClusterSnapshot snapshot)
    {
        var shards = Shards(arguments, snapshot);
        return [.. snapshot.Ranks.Select(rank => rank.Info.IsDispatchFirst
            ? shards[rank.Info.DpRank]
            : DataProto.Empty.WithMeta(shards[rank.Info.DpRank].MetaInfo))];
    }

    /// <summary>The results of the collecting ranks, merged in the order of their groups: order is kept end to end.</summary>
    public static IReadOnlyList<DataProto> Collect(IReadOnlyList<DataProto?> results, ClusterSnapshot snapshot)
    {
        var parts = snapshot.Ranks
            .Where(rank => rank.Info.IsCollecting)
            .OrderBy(rank => rank.Info.DpRank)
            .Select(rank => results[rank.Info.Rank])
            .OfType<DataProto>()
            .ToList();

        // A group that had no rows answers without columns; it has a word in the meta, none in the rows.
        var withRows = parts.Where(part => part.Length > 0).ToList();
        if (withRows.Count > 0 && withRows.Count < parts.Count) parts = withRows;
        return [parts.Count == 0 ? DataProto.Empty : DataProto.Concat(parts)];
    }

    private static IReadOnlyList<DataProto> Shards(CallArguments arguments, ClusterSnapshot snapshot)
    {
        if (arguments.PerRank is not null) throw new FleetException("The method shards its argument itself; give one batch, not one for each rank.");
        return (arguments.Batch ?? DataProto.Empty).Chunk(snapshot.DpSize);
    }
}
