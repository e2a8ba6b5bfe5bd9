using System.Numerics;

namespace Fleet.Rewards.Video;

/// <summary>Edit distance and longest common subsequence of two rows of numbered words, 64 words at a step.</summary>
internal static class WordAlignment
{
    private const int WordBits = 64;

    /// <summary>The work of either comparison: of the steps, and of the table of places that each word of the shorter row has.</summary>
    public static long Work(int first, int second) => ((long)first + second) * (Min(first, second) / WordBits + 1);

    /// <summary>How many words must be inserted, deleted or replaced to make one row the other.</summary>
    /// <remarks>Source: G. Myers, A fast bit-vector algorithm for approximate string matching, 1999, in the block form of H. Hyyrö.</remarks>
    public static int EditDistance(ReadOnlySpan<int> pattern, ReadOnlySpan<int> text)
    {
        if (pattern.Length > text.Length) return EditDistance(text, pattern);
        if (pattern.IsEmpty) return text.Length;

        var blocks = (pattern.Length + WordBits - 1) / WordBits;
        var masks = Masks(pattern, blocks, MaxNumber(pattern, text));
        var (plus, minus) = (new ulong[blocks], new ulong[blocks]);
        plus.AsSpan().Fill(ulong.MaxValue);
        var score = pattern.Length;
        var lastBit = 1UL << ((pattern.Length - 1) % WordBits);
        foreach (var word in text)
        {
            var matches = masks[word];

            // The row above the table grows by one at every word.
            var (plusIn, minusIn) = (1UL, 0UL);
            for (var block = 0; block < blocks; block++)
            {
                var equal = matches is null ? 0 : matches[block];
                var vertical = equal | minus[block];
                equal |= minusIn;
                var horizontal = (((equal & plus[block]) + plus[block]) ^ plus[block]) | equal;
                var plusOut = minus[block] | ~(horizontal | plus[block]);
                var minusOut = plus[block] & horizontal;
                if (block == blocks - 1)
                {
                    if ((plusOut & lastBit) != 0) score++;
                    if ((minusOut & lastBit) != 0) score--;
                }

                var (plusCarry, minusCarry) = (plusOut >> 63, minusOut >> 63);
                plusOut = (plusOut << 1) | plusIn;
                minusOut = (minusOut << 1) | minusIn;
                plus[block] = minusOut | ~(vertical | plusOut);
                minus[block] = plusOut & vertical;
                (plusIn, minusIn) = (plusCarry, minusCarry);
            }
        }

        return score;
    }

    /// <summary>How many words the longest common subsequence has.</summary>
    /// <remarks>Source: H. Hyyrö, Bit-parallel LCS-length computation revisited, 2004.</remarks>
    public static int CommonSubsequence(ReadOnlySpan<int> pattern, ReadOnlySpan<int> text)
    {
        if (pattern.Length > text.Length) return CommonSubsequence(text, pattern);
        if (pattern.IsEmpty) return 0;

        var blocks = (pattern.Length + WordBits - 1) / WordBits;
        var masks = Masks(pattern, blocks, MaxNumber(pattern, text));
        var row = new ulong[blocks];
        row.AsSpan().Fill(ulong.MaxValue);
        foreach (var word in text)
        {
            if (masks[word] is not { } matches) continue;
            var carry = 0UL;
            for (var block = 0; block < blocks; block++)
            {
                var found = row[block] & matches[block];
                var sum = row[block] + found;
                var over = sum < found ? 1UL : 0UL;
                sum += carry;
                carry = over | (sum < carry ? 1UL : 0UL);
                row[block] = sum | (row[block] & ~found);
            }
        }

        var common = 0;
        for (var block = 0; block < blocks; block++)
        {
            var bits = ~row[block];
            if (block == blocks - 1 && pattern.Length % WordBits is var rest and > 0) bits &= (1UL << rest) - 1;
            common += BitOperations.PopCount(bits);
        }

        return common;
    }

    private static ulong[]?[] Masks(ReadOnlySpan<int> pattern, int blocks, int maxNumber)
    {
        var masks = new ulong[]?[maxNumber + 1];
        for (var i = 0; i < pattern.Length; i++) (masks[pattern[i]] ??= new ulong[blocks])[i / WordBits] |= 1UL << (i % WordBits);
        return masks;
    }

    private static int MaxNumber(ReadOnlySpan<int> pattern, ReadOnlySpan<int> text)
    {
        var max = 0;
        foreach (var number in pattern) max = Max(max, number);
        foreach (var number in text) max = Max(max, number);
        return max;
    }
}
