namespace Fleet.Shaping.Components;

/// <summary>A penalty that grows over the last stretch before the longest response allowed.</summary>
/// <remarks>
/// Units:   tokens.
/// Range:   [-<see cref="Factor"/>, 0].
/// Source:  DAPO, arXiv 2503.14476, section 3.4, soft overlong punishment.
/// </remarks>
public sealed record OverlongPenalty
{
    /// <summary>The longest response without the full penalty.</summary>
    /// <value>At least <see cref="Buffer"/>; default 20480.</value>
    public int MaxTokens { get; init; } = 20480;

    /// <summary>How many tokens before that the penalty starts.</summary>
    /// <value>At least 1; default 4096.</value>
    public int Buffer { get; init; } = 4096;

    /// <summary>The full penalty, as a positive number.</summary>
    /// <value>Default 1.</value>
    public double Factor { get; init; } = 1;

    /// <summary>The penalty of a response of so many tokens.</summary>
    public double Of(int tokens)
    {
        var over = tokens - (MaxTokens - Buffer);
        return over <= 0 ? 0 : -Math.Min((double)over / Buffer, 1) * Factor;
    }

    internal IEnumerable<string> Faults()
    {
        if (Buffer < 1 || MaxTokens < Buffer) yield return $"overlong: buffer {Buffer} must be at least 1 and at most max_tokens {MaxTokens}.";
        if (!(Factor >= 0)) yield return $"overlong: factor {Factor} must not be negative.";
    }
}
