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

        // A word becomes a number once, so an n-gram is a short row of numbers whatever the words' lengths.
        var ids = WordIds(lower, words);
        var distinct = new HashSet<NGram>(total);
        for (var i = 0; i < total; i++) distinct.Add(new NGram(ids, i, ngramSize));
        return (1 - (double)distinct.Count / total) * maxPenalty;
    }

    private static int[] WordIds(string text, List<Range> words)
    {
        var known = new Dictionary<string, int>(words.Count);
        var lookup = known.GetAlternateLookup<ReadOnlySpan<char>>();
        var ids = new int[words.Count];
        for (var i = 0; i < words.Count; i++)
        {
            var word = text.AsSpan(words[i]);
            if (!lookup.TryGetValue(word, out var id)) lookup[word] = id = known.Count;
            ids[i] = id;
        }

        return ids;
    }

    private readonly struct NGram(int[] ids, int start, int size) : IEquatable<NGram>
    {
        private ReadOnlySpan<int> Ids => ids.AsSpan(start, size);

        public bool Equals(NGram other) => Ids.SequenceEqual(other.Ids);

        public override bool Equals(object? obj) => obj is NGram other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (var id in Ids) hash.Add(id);
            return hash.ToHashCode();
        }
    }
}
