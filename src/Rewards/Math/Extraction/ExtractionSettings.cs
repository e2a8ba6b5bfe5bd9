namespace Fleet.Rewards.Math.Extraction;

/// <summary>How an answer is extracted from a text by the rules of the reference library.</summary>
public sealed record ExtractionSettings
{
    /// <summary>What is looked for: <c>latex</c>, <c>expr</c>, <c>string</c>.</summary>
    public IReadOnlyList<string> Targets { get; init; } = ["latex", "expr"];

    /// <summary>When a box is tried: 0 first, 50 with "final answer is", -1 never.</summary>
    public int BoxedMatchPriority { get; init; } = 50;

    /// <summary>Decimal places at which decimals are compared.</summary>
    public int FloatRounding { get; init; } = 6;

    /// <summary>Whether variables must have the same names.</summary>
    public bool Strict { get; init; } = true;

    /// <summary>Whether an inequality may answer a gold set.</summary>
    public bool AllowSetRelationComparison { get; init; }

    /// <summary>The strings of the target <c>string</c>.</summary>
    public IReadOnlyList<string> Strings { get; init; } = ["A", "B", "C", "D"];

    /// <summary>Whether strings are compared in lower case.</summary>
    public bool Lowercase { get; init; } = true;
}
