using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Matching;

/// <summary>Where a plain text occurs in another, counted from left to right without overlap.</summary>
internal static class Occurrences
{
    /// <summary>How often it occurs: <c>text.count(part)</c> for a part that is not empty.</summary>
    public static int Count(ReadOnlySpan<char> text, string part) => part.Length == 0 ? 0 : System.MemoryExtensions.Count(text, part);

    /// <summary>How often it occurs as a whole word: no word character just before or after it.</summary>
    public static int CountWhole(string text, string word)
    {
        var count = 0;
        for (var at = NextWhole(text, word, 0); at >= 0; at = NextWhole(text, word, at + word.Length)) count++;
        return count;
    }

    /// <summary>The index of the next occurrence as a whole word, or -1.</summary>
    public static int NextWhole(string text, string word, int from)
    {
        if (word.Length == 0) return -1;
        while (from <= text.Length - word.Length)
        {
            var at = text.IndexOf(word, from, StringComparison.Ordinal);
            if (at < 0) return -1;
            if (!PythonWord.IsBefore(text, at) && !PythonWord.IsAfter(text, at + word.Length)) return at;
            from = at + 1;
        }

        return -1;
    }
}
