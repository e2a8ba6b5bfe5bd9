namespace Fleet.Shaping.Filters;

/// <summary>Which rows and groups are kept for training. The default keeps every scored row.</summary>
public sealed record FilterSettings
{
    /// <summary>A group whose mean reward is at most this is dropped; null for none.</summary>
    public double? MeanAbove { get; init; }

    /// <summary>A group whose mean reward is at least this is dropped; null for none.</summary>
    public double? MeanBelow { get; init; }

    /// <summary>A group whose rewards have at most this standard deviation is dropped; null for none. 0 drops groups of equal rewards.</summary>
    public double? DeviationAbove { get; init; }

    /// <summary>A group whose mean score is at most this is too hard; null for none.</summary>
    public double? DifficultyLow { get; init; }

    /// <summary>A group whose mean score is at least this is too easy; null for none.</summary>
    public double? DifficultyHigh { get; init; }

    /// <summary>Whether a response that fills its window is dropped: most likely it was cut.</summary>
    public bool DropFullWindow { get; init; }

    /// <summary>A wrong response of at least this many tokens is dropped; null for none.</summary>
    public int? WrongBelowTokens { get; init; }

    /// <summary>Whether a response that was cut at its longest allowed length is dropped.</summary>
    public bool DropTruncated { get; init; }

    internal bool LookAtGroups => (MeanAbove ?? MeanBelow ?? DeviationAbove ?? DifficultyLow ?? DifficultyHigh) is not null;

    internal IEnumerable<string> Faults()
    {
        if (MeanAbove >= MeanBelow) yield return $"filters: a mean above {MeanAbove} and below {MeanBelow} keeps no group.";
        if (DifficultyLow >= DifficultyHigh) yield return $"filters: a difficulty between {DifficultyLow} and {DifficultyHigh} keeps no group.";
        if (DeviationAbove < 0) yield return $"filters: deviation {DeviationAbove} must not be negative; leave it out for none.";
        if (WrongBelowTokens < 1) yield return $"filters: wrong_below_tokens {WrongBelowTokens} must be at least 1.";
    }
}
