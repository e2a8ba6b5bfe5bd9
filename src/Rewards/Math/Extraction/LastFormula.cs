namespace Fleet.Rewards.Math.Extraction;

/// <summary>The last formula or number of a text.</summary>
internal static class LastFormula
{
    public static string? Find(string text)
    {
        var formulas = Formulas.Find(text);
        var number = Number(text, formulas.Count > 0 ? formulas[^1].End : 0);
        return number ?? (formulas.Count > 0 ? Joined.Before(text, formulas) : null);
    }

    // The last number behind a position, with the signs that belong to it.
    private static string? Number(string text, int from)
    {
        for (var end = text.Length; end > from;)
        {
            var digit = text.AsSpan(from, end - from).LastIndexOfAnyInRange('0', '9');
            if (digit < 0) return null;
            var last = from + digit + 1;
            var start = last;
            while (start > from && (char.IsAsciiDigit(text[start - 1]) || text[start - 1] is '.' or ',' or '/' or '^' && start - 1 > from && char.IsAsciiDigit(text[start - 2]))) start--;
            if (start > from && text[start - 1] == '-' && (start - 1 == from || !char.IsLetterOrDigit(text[start - 2]))) start--;
            if (Bare(text, from, start) is { } formula) return formula;
            var before = start > from ? text[start - 1] : ' ';
            if (!char.IsAsciiLetter(before) && before is not ('_' or '#')) return text[Max(from, Joined.NumbersStart(text, start))..last] + (Percent(text, last) ? "\\%" : "");
            end = start;
        }

        return null;
    }

    // LaTeX without delimiters: the words around the number as far as they are no plain words, when a command is among them.
    private static string? Bare(string text, int from, int at)
    {
        var lineStart = Max(from, text.LastIndexOf('\n', at) + 1);
        var lineEnd = text.IndexOf('\n', at);
        if (lineEnd < 0) lineEnd = text.Length;
        if (lineEnd - lineStart > 2_000 || !text.AsSpan(lineStart, lineEnd - lineStart).Contains('\\')) return null;
        var (start, end) = (at, at);
        while (end < lineEnd && !char.IsWhiteSpace(text[end])) end++;
        for (var word = at; word > lineStart;)
        {
            var next = word;
            while (next > lineStart && !char.IsWhiteSpace(text[next - 1])) next--;
            if (IsPlainWord(text.AsSpan(next, word - next))) break;
            start = word = next;
            while (word > lineStart && char.IsWhiteSpace(text[word - 1])) word--;
        }

        var formula = text[start..end].TrimEnd('.', ',', ';', '。', '*');
        return formula.Contains('\\') && !formula.Contains("\\(", StringComparison.Ordinal) && !formula.Contains("\\[", StringComparison.Ordinal) ? formula : null;
    }

    private static bool IsPlainWord(ReadOnlySpan<char> word)
    {
        var letters = 0;
        for (var i = 0; i < word.Length; i++)
        {
            if (word[i] == '\\')
            {
                while (i + 1 < word.Length && char.IsAsciiLetter(word[i + 1])) i++;
                letters = 0;
            }
            else letters = char.IsLetter(word[i]) ? letters + 1 : 0;
            if (letters > 1) return true;
        }

        return word is "a" or "A" or "I" or "," or ":";
    }

    private static bool Percent(string text, int at) => at < text.Length && text[at] == '%';
}
