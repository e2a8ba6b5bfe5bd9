using Fleet.Rewards;

namespace Fleet.Worker.Scoring;

/// <summary>What holds for every row of a run, whoever scores it.</summary>
/// <param name="Timeout">How long one row may be scored.</param>
internal sealed record RowPolicy(TimeSpan Timeout)
{
    private static readonly Reason Truncated = new("truncated", "The response was cut at its longest allowed length, which this domain counts as wrong.");

    /// <summary>Whether a response that was cut at its longest allowed length is wrong without being looked at.</summary>
    public bool TruncatedIsZero { get; init; }

    /// <summary>Further rules that score each row.</summary>
    public RuleComponents Components { get; init; } = RuleComponents.None;

    /// <summary>The verdict of a row that nobody has to look at; null for any other.</summary>
    /// <param name="finishReason">Why its generation ended; null when nobody says.</param>
    public RowResult? Settled(string? finishReason) => TruncatedIsZero && finishReason == "length" ? RowResult.Of(RewardScore.Scored(0, Truncated)) : null;
}
