using System.Buffers;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Matching;

/// <summary>A row of characters, matched one by one.</summary>
internal sealed class PlainPattern : KeywordPattern
{
    // Stands for any character but a line feed.
    private const int Any = -1;

    private const string Special = "^$*+?{[|()";

    // Letters beyond ASCII that are a case of an ASCII letter for Python.
    private static readonly SearchValues<char> OddCases = SearchValues.Create("\u0130\u0131\u017f\u212a");

    private readonly int[] _characters;
    private readonly bool _ignoreCase;
    private readonly bool _wholeWord;
    private readonly string? _ascii;

    private PlainPattern(IEnumerable<int> characters, bool ignoreCase, bool wholeWord)
    {
        _characters = [.. characters.Select(c => ignoreCase && c != Any ? CaseFold.Of(c) : c)];
        _ignoreCase = ignoreCase;
        _wholeWord = wholeWord;
        if (_characters.Length > 0 && Array.TrueForAll(_characters, c => c is >= 0 and < 128))
            _ascii = string.Concat(_characters.Select(c => (char)c));
    }

    /// <summary>Reads an expression that is no more than characters, <c>.</c> and escaped punctuation; null when it is more.</summary>
    public static PlainPattern? Read(string expression, bool ignoreCase, bool wholeWord = false)
    {
        var characters = new List<int>(expression.Length);
        var escaped = false;
        foreach (var c in CodePoints(expression))
        {
            var isPunctuation = c < 128 && char.IsPunctuation((char)c) | char.IsSymbol((char)c);
            if (escaped ? !isPunctuation : c < 128 && Special.Contains((char)c)) return null;
            if (c == '\\' && !escaped)
            {
                escaped = true;
                continue;
            }

            characters.Add(c == '.' && !escaped ? Any : c);
            escaped = false;
        }

        return escaped ? null : new PlainPattern(characters, ignoreCase, wholeWord);
    }

    /// <summary>A text taken as it stands.</summary>
    public static PlainPattern Literal(string text, bool ignoreCase, bool wholeWord = false) => new(CodePoints(text), ignoreCase, wholeWord);

    /// <inheritdoc/>
    public override (int Start, int Length) Find(string text, int from)
    {
        if (_ascii is not null && !text.AsSpan().ContainsAny(OddCases)) return FindAscii(text, from, _ascii);

        for (var start = from; start <= text.Length; start++)
        {
            // A match starts at a code point, not in the middle of one.
            if (start > 0 && start < text.Length && char.IsSurrogatePair(text[start - 1], text[start])) continue;
            var end = EndOfMatch(text, start);
            if (end >= 0 && IsWhole(text, start, end)) return (start, end - start);
        }

        return (-1, 0);
    }

    /// <summary>Where the match that starts at this index ends, or -1; word boundaries are not looked at.</summary>
    public int EndOfMatch(string text, int start)
    {
        foreach (var wanted in _characters)
        {
            if (start >= text.Length) return -1;
            var isPair = start + 1 < text.Length && char.IsSurrogatePair(text[start], text[start + 1]);
            var found = isPair ? char.ConvertToUtf32(text[start], text[start + 1]) : text[start];
            if (wanted == Any ? found == '\n' : wanted != (_ignoreCase ? CaseFold.Of(found) : found)) return -1;
            start += isPair ? 2 : 1;
        }

        return start;
    }

    private (int Start, int Length) FindAscii(string text, int from, string keyword)
    {
        var comparison = _ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        while (from <= text.Length - keyword.Length)
        {
            var start = text.IndexOf(keyword, from, comparison);
            if (start < 0) break;
            if (IsWhole(text, start, start + keyword.Length)) return (start, keyword.Length);
            from = start + 1;
        }

        return (-1, 0);
    }

    private bool IsWhole(string text, int start, int end) =>
        !_wholeWord || (PythonWord.IsBoundary(text, start) && PythonWord.IsBoundary(text, end));

    private static IEnumerable<int> CodePoints(string text)
    {
        for (var i = 0; i < text.Length; i++)
            yield return char.IsSurrogatePair(text, i) ? char.ConvertToUtf32(text[i], text[++i]) : text[i];
    }
}
