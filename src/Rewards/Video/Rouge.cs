using System.Runtime.InteropServices;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Video;

/// <summary>How much two texts share: the mean F measure of ROUGE-1, ROUGE-2 and ROUGE-L over stemmed words.</summary>
/// <param name="One">Single words.</param>
/// <param name="Two">Pairs of neighbours.</param>
/// <param name="Longest">The longest common subsequence.</param>
/// <remarks>
/// Range:   each in [0, 1].
/// Source:  google-research/google-research rouge/rouge_scorer.py and rouge/tokenize.py.
/// </remarks>
internal readonly record struct Rouge(double One, double Two, double Longest)
{
    // Shorter words are left as they are.
    private const int StemmedLength = 4;

    /// <summary>The mean of the three.</summary>
    public double Mean => (One + Two + Longest) / 3;

    /// <summary>Compares two texts.</summary>
    /// <exception cref="WorkBudgetSpentException">The texts are too long to compare within the budget.</exception>
    public static Rouge Of(string prediction, string target, WorkBudget budget)
    {
        // Both texts share one buffer, so that equal words get equal numbers.
        var buffer = new char[prediction.Length + target.Length + 4];
        var words = new List<Range>();
        var length = Tokenize(PythonText.Lower(prediction), ref buffer, 0, words);
        var split = words.Count;
        length = Tokenize(PythonText.Lower(target), ref buffer, length, words);
        budget.Spend(length);

        var numbers = WordNumbers.Of(buffer.AsSpan(0, length), words);
        ReadOnlySpan<int> first = numbers.AsSpan(0, split);
        ReadOnlySpan<int> second = numbers.AsSpan(split);
        if (first.IsEmpty || second.IsEmpty) return default;

        budget.Spend(WordAlignment.Work(first.Length, second.Length));
        var longest = WordAlignment.CommonSubsequence(first, second);
        return new(F(Shared(numbers, split), split, numbers.Length - split), Pairs(first, second), F(longest, split, numbers.Length - split));
    }

    // Small letters and digits make words, everything else parts them.
    private static int Tokenize(string lower, ref char[] buffer, int length, List<Range> words)
    {
        // Lower case may be longer than the text was.
        if (buffer.Length < length + lower.Length) Array.Resize(ref buffer, length + lower.Length);
        var at = 0;
        while (at < lower.Length)
        {
            var start = length;
            while (at < lower.Length && (char.IsAsciiLetterLower(lower[at]) || char.IsAsciiDigit(lower[at]))) buffer[length++] = lower[at++];
            if (length == start)
            {
                at++;
                continue;
            }

            if (length - start >= StemmedLength) length = start + PorterStemmer.Stem(buffer.AsSpan(start, length - start));
            words.Add(start..length);
        }

        return length;
    }

    private static double Pairs(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        if (first.Length < 2 || second.Length < 2) return 0;
        var lefts = new int[first.Length + second.Length - 2];
        var rights = new int[lefts.Length];
        var split = first.Length - 1;
        first[..^1].CopyTo(lefts);
        second[..^1].CopyTo(lefts.AsSpan(split));
        first[1..].CopyTo(rights);
        second[1..].CopyTo(rights.AsSpan(split));
        WordNumbers.OfPairs(lefts, rights);
        return F(Shared(lefts, split), split, lefts.Length - split);
    }

    // How many words of the second part are met by one of the first, each of them once.
    private static int Shared(ReadOnlySpan<int> numbers, int split)
    {
        var counts = new Dictionary<int, int>(split);
        foreach (var number in numbers[..split]) CollectionsMarshal.GetValueRefOrAddDefault(counts, number, out _)++;

        var shared = 0;
        foreach (var number in numbers[split..])
        {
            ref var left = ref CollectionsMarshal.GetValueRefOrNullRef(counts, number);
            if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref left) || left == 0) continue;
            left--;
            shared++;
        }

        return shared;
    }

    private static double F(int shared, int first, int second)
    {
        if (shared == 0) return 0;
        var (precision, recall) = ((double)shared / first, (double)shared / second);
        return 2 * precision * recall / (precision + recall);
    }
}
