namespace Fleet.Worker.Scoring;

/// <summary>What holds for every row of a run, whoever scores it.</summary>
/// <param name="Timeout">How long one row may be scored.</param>
internal sealed record RowPolicy(TimeSpan Timeout)
{
    /// <summary>Whether a response that was cut at its longest allowed length is wrong without being looked at.</summary>
    public bool TruncatedIsZero { get; init; }

    /// <summary>Further rules that score each row.</summary>
    public RuleComponents Components { get; init; } = RuleComponents.None;
}
