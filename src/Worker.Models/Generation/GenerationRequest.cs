namespace Fleet.Worker.Models.Generation;

/// <summary>One prompt and how to continue it.</summary>
/// <param name="Prompt">Token ids; at least one.</param>
public sealed record GenerationRequest(IReadOnlyList<int> Prompt)
{
    /// <summary>The longest answer, in tokens.</summary>
    /// <value>1 or more; default 512.</value>
    public int MaxNewTokens { get; init; } = 512;

    /// <summary>How freely tokens are drawn; 0 takes the likeliest.</summary>
    /// <value>At least 0; default 0.</value>
    public double Temperature { get; init; }

    /// <summary>Only the likeliest tokens that together have this probability are drawn.</summary>
    /// <value>In (0, 1]; default 1.</value>
    public double TopP { get; init; } = 1;

    /// <summary>Only this many of the likeliest tokens are drawn; 0 for all.</summary>
    /// <value>0 or more; default 0.</value>
    public int TopK { get; init; }

    /// <summary>Draws the same tokens again, whatever else is in the batch.</summary>
    public long Seed { get; init; }

    /// <summary>Texts that end the answer; they are not part of it.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>How many of the likeliest tokens are reported at each step, with their log-probabilities; 0 for none.</summary>
    public int TopLogProbabilities { get; init; }

    /// <summary>Fires when nobody waits for the answer any more: the row leaves its batch, with what it has by then.</summary>
    public CancellationToken Abandoned { get; init; }

    /// <summary>What is out of its range, in one sentence; null when nothing is.</summary>
    public string? Fault => this switch
    {
        { MaxNewTokens: < 1 } => FormattableString.Invariant($"max_new_tokens is {MaxNewTokens}; expected is 1 or more."),
        { Temperature: not (>= 0 and < double.PositiveInfinity) } => FormattableString.Invariant($"temperature is {Temperature}; expected is a number of 0 or more."),
        { TopP: not (> 0 and <= 1) } => FormattableString.Invariant($"top_p is {TopP}; expected is a number above 0 and at most 1."),
        { TopK: < 0 } => FormattableString.Invariant($"top_k is {TopK}; expected is 0 or more."),
        _ => null,
    };
}

/// <summary>Why an answer ended.</summary>
public enum GenerationEnd
{
    /// <summary>The model ended it, or a stop text did.</summary>
    Stop,

    /// <summary>It reached its longest length.</summary>
    Length,

    /// <summary>Nobody waited for it any more.</summary>
    Abandoned,
}

/// <summary>An answer.</summary>
/// <param name="Tokens">Token ids, without the end.</param>
/// <param name="Text">The text, without special tokens and without the stop text.</param>
/// <param name="End">Why it ended.</param>
/// <param name="Steps">For each token drawn, the end included: what was drawn and the likeliest tokens, when they were asked for.</param>
public sealed record Generated(IReadOnlyList<int> Tokens, string Text, GenerationEnd End, IReadOnlyList<GenerationStep> Steps);

/// <summary>One step of an answer.</summary>
/// <param name="Token">What was drawn.</param>
/// <param name="LogProbability">Its log-probability, at temperature 1.</param>
/// <param name="Likeliest">The likeliest tokens with theirs, from the likeliest.</param>
public sealed record GenerationStep(int Token, double LogProbability, IReadOnlyList<(int Token, double LogProbability)> Likeliest);
