namespace Fleet.Rewards.Judge;

/// <summary>Why a judge stopped writing.</summary>
public enum JudgeStop
{
    /// <summary>It had said what it had to say.</summary>
    Finished,

    /// <summary>It ran into its token limit: the answer is cut off.</summary>
    Length,

    /// <summary>Somebody filtered the answer.</summary>
    Filtered,
}

/// <summary>What a judge answered to one request.</summary>
/// <param name="Text">The text; empty when the judge sent none.</param>
/// <param name="Stop">Why it stopped.</param>
public sealed record JudgeAnswer(string Text, JudgeStop Stop = JudgeStop.Finished)
{
    /// <summary>The judge's refusal in its own words; null when it did not refuse.</summary>
    public string? Refusal { get; init; }

    /// <summary>The likeliest first tokens of the answer with their log-probabilities; empty when they were not asked for.</summary>
    public IReadOnlyList<TokenLogProbability> FirstToken { get; init; } = [];
}

/// <summary>A token and how likely it was.</summary>
/// <param name="Token">The token's text, leading space included.</param>
/// <param name="LogProbability">Natural logarithm of its probability; at most 0.</param>
public readonly record struct TokenLogProbability(string Token, double LogProbability);
