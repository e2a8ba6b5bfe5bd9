using System.Runtime.InteropServices;

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

        // A word becomes a number once; then two numbers become one, until a number stands for a whole n-gram.
        var ids = WordIds(lower, words);
        var grams = ids.AsSpan(0, total).ToArray();
        var distinct = ngramSize == 1 ? grams.Distinct().Count() : 0;
        for (var size = 2; size <= ngramSize; size++) distinct = Extend(grams, ids.AsSpan(size - 1));
        return (1 - (double)distinct / total) * maxPenalty;
    }

    // Each n-gram with the word after it gets a number of its own.
    private static int Extend(int[] grams, ReadOnlySpan<int> next)
    {
        var known = new Dictionary<long, int>(Min(grams.Length, 1024));
        for (var i = 0; i < grams.Length; i++)
        {
            // An odd factor keeps the pairs apart and spreads them: neighbouring numbers would share few hash codes otherwise.
            var pair = unchecked((((long)grams[i] << 32) | (uint)next[i]) * (long)0x9E3779B97F4A7C15);
            ref var id = ref CollectionsMarshal.GetValueRefOrAddDefault(known, pair, out var exists);
            if (!exists) id = known.Count;
            grams[i] = id;
        }

        return known.Count;
    }

    private static int[] WordIds(string text, List<Range> words)
    {
        var known = new Dictionary<string, int>(Min(words.Count, 1024));
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
}
