namespace Fleet.Contracts.Ranks;

/// <summary>Makes a worker's method callable by name from a cluster.</summary>
/// <remarks>
/// The name on the wire is the method's name in snake_case without a trailing <c>Async</c>: <c>ComputeRewards</c> is
/// called as <c>compute_rewards</c>. The method takes at most one <c>DataProto</c> and a <c>CancellationToken</c> and
/// returns nothing, a <c>DataProto</c>, or a task of either.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RegisterAttribute(DispatchMode mode = DispatchMode.AllToAll) : Attribute
{
    /// <summary>How arguments and results travel.</summary>
    public DispatchMode Mode { get; } = mode;

    /// <summary>Whether the device cache is emptied after the call; only workers with a model strategy have one.</summary>
    /// <value>The default is true.</value>
    public bool ClearCache { get; init; } = true;

    /// <summary>Whether the rows of one group must reach the method together.</summary>
    /// <value>The default is false.</value>
    public bool GroupLevel { get; init; }
}
