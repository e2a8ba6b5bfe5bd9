using Fleet.Shaping.Normalisation;

namespace Fleet.Shaping;

/// <summary>What shaping remembers from call to call: the running moments of each domain. Passed in and handed back, kept nowhere.</summary>
/// <param name="Running">By domain.</param>
public sealed record ShapingState(IReadOnlyDictionary<string, RunningMoments> Running)
{
    /// <summary>The state before the first call.</summary>
    public static ShapingState Empty { get; } = new(new Dictionary<string, RunningMoments>());
}
