namespace Fleet.Shaping.Components;

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
