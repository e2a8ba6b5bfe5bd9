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

/// <summary>A reward that turns with the length along half a cosine: short is best when right and worst when wrong.</summary>
/// <remarks>
/// Units:   tokens.
/// Source:  Yeo et al., Demystifying Long Chain-of-Thought Reasoning in LLMs, arXiv 2502.03373, section 4.2.
/// </remarks>
public sealed record CosineLength
{
    /// <summary>From this length on a response exceeds.</summary>
    /// <value>At least 1; default 4096.</value>
    public int MaxTokens { get; init; } = 4096;

    /// <summary>A right response of no tokens.</summary>
    /// <value>Default 1.</value>
    public double ShortRight { get; init; } = 1;

    /// <summary>A right response of just under <see cref="MaxTokens"/>.</summary>
    /// <value>Default 0.5.</value>
    public double LongRight { get; init; } = 0.5;

    /// <summary>A wrong response of no tokens.</summary>
    /// <value>Default -0.5.</value>
    public double ShortWrong { get; init; } = -0.5;

    /// <summary>A wrong response of just under <see cref="MaxTokens"/>.</summary>
    /// <value>Default 0.</value>
    public double LongWrong { get; init; }

    /// <summary>A response that exceeds, right or wrong.</summary>
    /// <value>Default -0.5.</value>
    public double Exceeding { get; init; } = -0.5;

    /// <summary>The reward of a response of so many tokens.</summary>
    public double Of(int tokens, bool right)
    {
        if (tokens >= MaxTokens) return Exceeding;
        var (atStart, atEnd) = right ? (ShortRight, LongRight) : (ShortWrong, LongWrong);
        return atEnd + 0.5 * (atStart - atEnd) * (1 + Math.Cos(Math.PI * tokens / MaxTokens));
    }

    internal IEnumerable<string> Faults()
    {
        if (MaxTokens < 1) yield return $"cosine_length: max_tokens {MaxTokens} must be at least 1.";
    }
}

/// <summary>A penalty for short responses that falls in a straight line.</summary>
/// <remarks>
/// Units:   tokens.
/// Range:   [<see cref="Penalty"/>, 0].
/// Source:  alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/rewards/crossthinkqa_rule_reward_worker.py, the length reward.
/// Differs: counts valid tokens where the reference counts padding.
/// </remarks>
public sealed record ShortLengthPenalty
{
    /// <summary>Up to here the full penalty.</summary>
    /// <value>Default 100.</value>
    public int MinTokens { get; init; } = 100;

    /// <summary>From here on none.</summary>
    /// <value>More than <see cref="MinTokens"/>; default 400.</value>
    public int MaxTokens { get; init; } = 400;

    /// <summary>The full penalty, a negative number.</summary>
    /// <value>Default -0.5.</value>
    public double Penalty { get; init; } = -0.5;

    /// <summary>The penalty of a response of so many tokens.</summary>
    public double Of(int tokens) => Penalty * Math.Clamp((double)(MaxTokens - tokens) / (MaxTokens - MinTokens), 0, 1);

    internal IEnumerable<string> Faults()
    {
        if (MaxTokens <= MinTokens) yield return $"short_length: max_tokens {MaxTokens} must be more than min_tokens {MinTokens}.";
        if (!(Penalty <= 0)) yield return $"short_length: penalty {Penalty} must not be positive.";
    }
}
