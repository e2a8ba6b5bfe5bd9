namespace Fleet.Contracts.Ranks;

/// <summary>How the arguments of a registered method reach the ranks of a cluster, and how their results come back.</summary>
/// <remarks>Source: alibaba/ROLL@8eb27cc2 roll/distributed/scheduler/decorator.py.</remarks>
public enum DispatchMode
{
    /// <summary>The same argument to every rank; all results, in rank order.</summary>
    OneToAll,

    /// <summary>The same argument to every rank; rank 0's result only.</summary>
    OneToAllOne,

    /// <summary>Argument i to rank i; all results, in rank order.</summary>
    AllToAll,

    /// <summary>Shard i to every rank of data-parallel group i; the results of the collecting ranks, merged in order.</summary>
    DpMpCompute,

    /// <summary>Shard i to the first rank of data-parallel group i, its meta alone to the peers; collected as <see cref="DpMpCompute"/>.</summary>
    DpMpDispatchFirst,

    /// <summary>Dispatched as <see cref="DpMpDispatchFirst"/>; all results, in rank order.</summary>
    DpMpDispatchFirstCollectAll,
}
