using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Ranks;
using Fleet.Dispatcher.Clusters;

namespace Fleet.Dispatcher.Dispatch;

/// <summary>How a call's argument is cut for the ranks of a snapshot, and how their results become the caller's.</summary>
/// <remarks>The built-in pairs are made by <see cref="For"/>; a caller may bring one of its own.</remarks>
/// <param name="Dispatch">One argument for each rank, in rank order; null for a rank that is not called.</param>
/// <param name="Collect">The caller's results from one result for each rank, in rank order; null where a rank was not called or returned nothing.</param>
public sealed record DispatchRule(
    Func<CallArguments, ClusterSnapshot, IReadOnlyList<DataProto?>> Dispatch,
    Func<IReadOnlyList<DataProto?>, ClusterSnapshot, IReadOnlyList<DataProto>> Collect)
{
    /// <summary>The pair of a dispatch mode.</summary>
    public static DispatchRule For(DispatchMode mode) => mode switch
    {
        DispatchMode.OneToAll => new(OneToAll.Dispatch, Everything.Collect),
        DispatchMode.OneToAllOne => new(OneToAll.Dispatch, OneToAll.CollectFirst),
        DispatchMode.AllToAll => new(AllToAll.Dispatch, Everything.Collect),
        DispatchMode.DpMpCompute => new(DataParallel.Dispatch, DataParallel.Collect),
        DispatchMode.DpMpDispatchFirst => new(DataParallel.DispatchFirst, DataParallel.Collect),
        DispatchMode.DpMpDispatchFirstCollectAll => new(DataParallel.DispatchFirst, Everything.Collect),
        _ => throw new FleetException($"There is no dispatch mode {mode}."),
    };
}

/// <summary>The argument of a call: nothing, one batch, or one batch for each rank.</summary>
public sealed class CallArguments
{
    private CallArguments(DataProto? batch, IReadOnlyList<DataProto>? perRank) => (Batch, PerRank) = (batch, perRank);

    /// <summary>No argument.</summary>
    public static CallArguments None { get; } = new(null, null);

    /// <summary>The one batch; null when there is none, or one for each rank.</summary>
    public DataProto? Batch { get; }

    /// <summary>One batch for each rank; null otherwise.</summary>
    public IReadOnlyList<DataProto>? PerRank { get; }

    /// <summary>One batch; one without rows carries its meta alone.</summary>
    public static CallArguments Of(DataProto batch) => new(batch, null);

    /// <summary>One batch for each rank, in rank order.</summary>
    public static CallArguments ForRanks(IReadOnlyList<DataProto> batches) => new(null, batches);
}
