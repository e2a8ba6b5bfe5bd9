using System.Runtime.CompilerServices;

namespace Fleet.Rewards;

/// <summary>What one scoring may use besides the rollout: how much work it may do, and where it explains itself.</summary>
public sealed class ScoringContext
{
    /// <summary>The work that this scoring may still do.</summary>
    public WorkBudget Budget { get; init; } = new();

    /// <summary>Where the steps of the verdict are written down; null unless somebody asked for an explanation.</summary>
    public Explanation? Explanation { get; init; }

    /// <summary>Writes a step down if somebody asked for an explanation.</summary>
    public void Explain(string step, string what) => Explanation?.Add(step, what);

    /// <summary>Writes a step down if somebody asked for an explanation; if not, its text is never put together.</summary>
    public void Explain(string step, [InterpolatedStringHandlerArgument("")] ref ExplanationText what) => Explanation?.Add(step, what.ToStringAndClear());
}
