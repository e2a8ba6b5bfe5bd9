namespace Fleet.Rewards.Text;

/// <summary>Words as numbers: equal words get the same number, counted from 0 in order of first appearance.</summary>
/// <remarks>A word is read once; what follows compares numbers. Nothing is copied out of the text.</remarks>
internal static class WordNumbers
{
    /// <summary>Numbers the words of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="words">Its words, see <see cref="PythonText.Words"/>.</param>
    public static int[] Of(ReadOnlySpan<char> text, List<Range> words)
    {
        var numbers = new int[words.Count];
        var table = new Slot[TableSize(words.Count)];
        var mask = table.Length - 1;
        var distinct = 0;
        for (var i = 0; i < numbers.Length; i++)
        {
            var (start, length) = words[i].GetOffsetAndLength(text.Length);
            var word = text.Slice(start, length);
            var hash = string.GetHashCode(word);
            var at = hash & mask;
            while (table[at].Length > 0 && !(table[at].Hash == hash && text.Slice(table[at].Start, table[at].Length).SequenceEqual(word))) at = (at + 1) & mask;
            if (table[at].Length == 0) table[at] = new Slot(hash, start, length, distinct++);
            numbers[i] = table[at].Number;
        }

        return numbers;
    }

    /// <summary>Numbers the pairs of two equally long rows of numbers: equal pairs get the same number.</summary>
    /// <param name="first">The left halves; overwritten with the numbers of the pairs.</param>
    /// <param name="second">The right halves.</param>
    /// <returns>How many different pairs there are.</returns>
    public static int OfPairs(Span<int> first, ReadOnlySpan<int> second)
    {
        var table = new (ulong Key, int Number)[TableSize(first.Length)];
        var shift = 64 - int.Log2(table.Length);
        var mask = table.Length - 1;
        var distinct = 0;
        for (var i = 0; i < first.Length; i++)
        {
            // One more than the pair, so that 0 marks an empty slot.
            var key = (((ulong)(uint)first[i] << 32) | (uint)second[i]) + 1;
            var at = (int)((key * 0x9E3779B97F4A7C15) >> shift);
            while (table[at].Key != 0 && table[at].Key != key) at = (at + 1) & mask;
            if (table[at].Key == 0) table[at] = (key, distinct++);
            first[i] = table[at].Number;
        }

        return distinct;
    }

    // At most half full, so that a search ends soon.
    private static int TableSize(int count) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Max(4, count * 2));

    private readonly record struct Slot(int Hash, int Start, int Length, int Number);
}
