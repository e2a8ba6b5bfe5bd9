using System.Buffers;
using System.Text;

namespace Fleet.Rewards.Text;

/// <summary>Text as Python 3 sees it: the references are written in Python, and a verdict must not turn on .NET's reading.</summary>
/// <remarks>Lengths and counts are in Unicode code points; white space is Python's set, which includes U+001C to U+001F.</remarks>
public static class PythonText
{
    private static readonly SearchValues<char> WhiteSpace = SearchValues.Create(
        "\t\n\v\f\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000");

    // About that many characters make a word with its blank.
    private const int CharsPerWord = 5;

    private static readonly bool[] AsciiWhiteSpace = [.. Enumerable.Range(0, 128).Select(c => IsWhiteSpace((char)c))];

    /// <summary>Whether <c>str.isspace</c> holds for this character; also what <c>\s</c> matches.</summary>
    public static bool IsWhiteSpace(char c) => WhiteSpace.Contains(c);

    /// <summary>Whether the text is empty or white space alone.</summary>
    public static bool IsBlank(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(WhiteSpace);

    /// <summary>The words of a text: <c>str.split()</c>.</summary>
    public static List<Range> Words(ReadOnlySpan<char> text)
    {
        // Words are short, so a step for each character beats a search for each word.
        var words = new List<Range>(text.Length / CharsPerWord + 1);
        var start = -1;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var isWhiteSpace = c < AsciiWhiteSpace.Length ? AsciiWhiteSpace[c] : c >= '\u0085' && IsWhiteSpace(c);
            if (!isWhiteSpace)
            {
                if (start < 0) start = i;
            }
            else if (start >= 0)
            {
                words.Add(start..i);
                start = -1;
            }
        }

        if (start >= 0) words.Add(start..text.Length);
        return words;
    }

    /// <summary>How many words <c>str.split()</c> gives.</summary>
    public static int WordCount(ReadOnlySpan<char> text)
    {
        var count = 0;
        var inside = false;
        foreach (var c in text)
        {
            var white = c < AsciiWhiteSpace.Length ? AsciiWhiteSpace[c] : c >= '\u0085' && IsWhiteSpace(c);
            if (!white && !inside) count++;
            inside = !white;
        }

        return count;
    }

    /// <summary>The text without white space at either end: <c>str.strip()</c>.</summary>
    public static ReadOnlySpan<char> Strip(ReadOnlySpan<char> text)
    {
        var start = text.IndexOfAnyExcept(WhiteSpace);
        if (start < 0) return [];
        return text[start..(text.LastIndexOfAnyExcept(WhiteSpace) + 1)];
    }

    /// <summary>The UTF-16 length without white space at the end: where <c>text.rstrip()</c> ends.</summary>
    public static int TrimmedLength(ReadOnlySpan<char> text) => text.LastIndexOfAnyExcept(WhiteSpace) + 1;

    /// <summary>The length in code points: <c>len(text)</c>. A lone surrogate counts as one.</summary>
    public static int Length(ReadOnlySpan<char> text)
    {
        var length = text.Length;
        for (var i = text.IndexOfAnyInRange('\ud800', '\udbff'); i >= 0 && i + 1 < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && char.IsLowSurrogate(text[i + 1])) length--;
        }

        return length;
    }

    /// <summary>Whether <c>str.isupper</c> holds for this one character: upper case in any script, title case not.</summary>
    public static bool IsUpper(Rune rune) => PythonCase.IsUpper(rune);

    /// <summary>The text in lower case: <c>str.lower()</c>, full mapping with the final sigma rule.</summary>
    public static string Lower(string text) => PythonCase.Lower(text);
}
