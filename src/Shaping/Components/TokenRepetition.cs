namespace Fleet.Shaping.Components;

/// <summary>A penalty for repeating rows of tokens: the share of n-grams that occurred before.</summary>
/// <remarks>Range: [<see cref="MaxPenalty"/>, 0]; 0 for a response of fewer than <see cref="NGram"/> tokens.</remarks>
public sealed record TokenRepetition
{
    /// <summary>Tokens in an n-gram.</summary>
    /// <value>At least 1; default 20.</value>
    public int NGram { get; init; } = 20;

    /// <summary>The penalty of a response that is nothing but repetition.</summary>
    /// <value>At most 0; default -0.5.</value>
    public double MaxPenalty { get; init; } = -0.5;

    /// <summary>The penalty of a response.</summary>
    public double Of(IReadOnlyList<int> tokens)
    {
        var total = tokens.Count - NGram + 1;
        if (total <= 0) return 0;

        // Equal n-grams get equal numbers, pair by pair: the n-gram is its first n-1 tokens and its last one.
        var grams = new int[total];
        for (var i = 0; i < total; i++) grams[i] = tokens[i];
        var numbers = new Dictionary<(int, int), int>(total);
        for (var i = 0; i < total; i++) grams[i] = Number(numbers, (grams[i], 0));
        for (var size = 2; size <= NGram; size++)
        {
            numbers.Clear();
            for (var i = 0; i < total; i++) grams[i] = Number(numbers, (grams[i], tokens[i + size - 1]));
        }

        return (1 - (double)numbers.Count / total) * MaxPenalty;
    }

    internal IEnumerable<string> Faults()
    {
        if (NGram < 1) yield return $"token_repetition: ngram {NGram} must be at least 1.";
        if (!(MaxPenalty <= 0)) yield return $"token_repetition: max_penalty {MaxPenalty} must not be positive.";
    }

    private static int Number(Dictionary<(int, int), int> numbers, (int, int) pair)
    {
        if (!numbers.TryGetValue(pair, out var number)) numbers[pair] = number = numbers.Count;
        return number;
    }
}
