namespace Fleet.Contracts.Ranks;

/// <summary>Where a worker stands in its cluster: its global rank and its coordinates in each kind of parallelism.</summary>
/// <remarks>
/// A rule worker is purely data parallel: <see cref="DpRank"/> is <see cref="Rank"/> and <see cref="DpSize"/> is
/// <see cref="WorldSize"/>. A rank is a place in one snapshot of the cluster; the number of the queue that a process
/// serves is its lease, which is another thing.
/// Source: alibaba/ROLL@8eb27cc2 roll/distributed/scheduler, RankInfo.
/// </remarks>
public sealed record RankInfo
{
    /// <summary>Workers in the cluster.</summary>
    /// <value>At least 1; the default is 1.</value>
    public int WorldSize { get; init; } = 1;

    /// <summary>Global rank in the cluster.</summary>
    /// <value>In [0, <see cref="WorldSize"/>).</value>
    public int Rank { get; init; }

    /// <summary>Size of the data-parallel dimension.</summary>
    public int DpSize { get; init; } = 1;

    /// <summary>Coordinate in the data-parallel dimension: which shard of the rows this rank gets.</summary>
    public int DpRank { get; init; }

    /// <summary>Size of the tensor-parallel dimension.</summary>
    public int TpSize { get; init; } = 1;

    /// <summary>Coordinate in the tensor-parallel dimension.</summary>
    public int TpRank { get; init; }

    /// <summary>Size of the pipeline-parallel dimension.</summary>
    public int PpSize { get; init; } = 1;

    /// <summary>Coordinate in the pipeline-parallel dimension.</summary>
    public int PpRank { get; init; }

    /// <summary>Size of the context-parallel dimension.</summary>
    public int CpSize { get; init; } = 1;

    /// <summary>Coordinate in the context-parallel dimension.</summary>
    public int CpRank { get; init; }

    /// <summary>Whether this rank holds the last pipeline stage, where results leave the model.</summary>
    public bool IsPipelineLastStage => PpRank == PpSize - 1;

    /// <summary>Whether data enters the model at this rank: the first of its data-parallel group.</summary>
    public bool IsDispatchFirst => TpRank == 0 && CpRank == 0 && PpRank == 0;

    /// <summary>Whether the results of its data-parallel group are taken from this rank.</summary>
    public bool IsCollecting => TpRank == 0 && CpRank == 0 && IsPipelineLastStage;

    /// <summary>A purely data-parallel rank.</summary>
    public static RankInfo DataParallel(int rank, int worldSize) =>
        new() { WorldSize = worldSize, Rank = rank, DpSize = worldSize, DpRank = rank };

    /// <summary>A rank of a cluster whose groups are neighbours, as snapshots and workers count: tensor innermost, then pipeline, then data.</summary>
    /// <param name="rank">The rank.</param>
    /// <param name="worldSize">Workers in the cluster; what is missing to whole groups is counted as there.</param>
    /// <param name="shape">The group.</param>
    public static RankInfo Grouped(int rank, int worldSize, GroupShape shape)
    {
        var groups = (Math.Max(worldSize, rank + 1) + shape.Size - 1) / shape.Size;
        var member = rank % shape.Size;
        return new RankInfo
        {
            WorldSize = groups * shape.Size,
            Rank = rank,
            DpSize = groups,
            DpRank = rank / shape.Size,
            TpSize = shape.TpSize,
            TpRank = member % shape.TpSize,
            PpSize = shape.PpSize,
            PpRank = member / shape.TpSize,
        };
    }

    /// <summary>A rank of a cluster with tensor and pipeline parallelism: tensor innermost, then data, then pipeline.</summary>
    public static RankInfo ModelParallel(int rank, int worldSize, int tpSize, int ppSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tpSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ppSize, 1);
        if (worldSize % (tpSize * ppSize) != 0)
        {
            throw new FleetException(
                $"A world of {worldSize} ranks cannot be cut into groups of tp {tpSize} x pp {ppSize}; make the world size a multiple of {tpSize * ppSize}.");
        }

        var dpSize = worldSize / (tpSize * ppSize);
        return new RankInfo
        {
            WorldSize = worldSize,
            Rank = rank,
            TpSize = tpSize,
            TpRank = rank % tpSize,
            PpSize = ppSize,
            PpRank = rank / (dpSize * tpSize),
            DpSize = dpSize,
            DpRank = rank % (dpSize * tpSize) / tpSize,
        };
    }
}
