namespace Fleet.Rewards.Text;

/// <summary>A penalty for saying the same words again: the share of word n-grams that occurred before.</summary>
public static class RepetitionPenalty
{
    /// <summary>The penalty of a text.</summary>
    /// <param name="text">The whole response, thinking included.</param>
    /// <param name="ngramSize">Words in an n-gram, at least 1; the reference uses 3.</param>
    /// <param name="maxPenalty">The penalty of a text that is nothing but repetition, at most 0; the reference uses -0.5.</param>
    /// <returns>In [<paramref name="maxPenalty"/>, 0]; 0 for a text of fewer than <paramref name="ngramSize"/> words.</returns>
    /// <remarks>Source: alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/rewards, the copy in each rule worker.</remarks>
    public static double Of(string text, int ngramSize = 3, double maxPenalty = -0.5)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxPenalty, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(ngramSize, 1);

        var lower = PythonText.Lower(text);
        var words = PythonText.Words(lower);
        var total = words.Count - ngramSize + 1;
        if (total <= 0) return 0;

        // An n-gram is the pair of its first n-1 words and its last one, so n-1 rounds over pairs of numbers count the n-grams.
        var numbers = WordNumbers.Of(lower, words);
        var grams = numbers.AsSpan(0, total).ToArray();
        var distinct = ngramSize == 1 ? numbers.Distinct().Count() : 0;
        for (var size = 2; size <= ngramSize; size++) distinct = WordNumbers.OfPairs(grams, numbers.AsSpan(size - 1, total));
        return (1 - (double)distinct / total) * maxPenalty;
    }
}
