namespace Fleet.Shaping.Components;

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
