using System.Buffers;
using System.Globalization;
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

    /// <summary>Whether <c>str.isspace</c> holds for this character.</summary>
    public static bool IsWhiteSpace(char c) => WhiteSpace.Contains(c);

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

    /// <summary>The text without white space at either end: <c>str.strip()</c>.</summary>
    public static ReadOnlySpan<char> Strip(ReadOnlySpan<char> text)
    {
        var start = text.IndexOfAnyExcept(WhiteSpace);
        if (start < 0) return [];
        return text[start..(text.LastIndexOfAnyExcept(WhiteSpace) + 1)];
    }

    /// <summary>Whether <c>str.isupper</c> holds for this one character: upper case in any script, title case not.</summary>
    public static bool IsUpper(Rune rune)
    {
        if (rune.IsAscii) return rune.Value is >= 'A' and <= 'Z';
        if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.UppercaseLetter) return true;

        // Other_Uppercase: Roman numerals and the circled, squared and negative letters.
        return rune.Value is (>= 0x2160 and <= 0x216F) or (>= 0x24B6 and <= 0x24CF)
            or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189);
    }

    /// <summary>The text in lower case: <c>str.lower()</c>, full mapping with the final sigma rule.</summary>
    public static string Lower(string text)
    {
        if (!NeedsFullLowerMapping(text)) return text.ToLowerInvariant();

        var lower = new StringBuilder(text.Length + 4);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\u0130') lower.Append("i\u0307");
            else if (text[i] == '\u03a3') lower.Append(IsFinalSigma(text, i) ? '\u03c2' : '\u03c3');
            else if (char.IsSurrogatePair(text, i)) lower.Append(Rune.ToLowerInvariant(new Rune(text[i], text[++i])).ToString());
            else lower.Append(char.ToLowerInvariant(text[i]));
        }

        return lower.ToString();
    }

    private static bool NeedsFullLowerMapping(string text) => text.AsSpan().IndexOfAny('\u0130', '\u03a3') >= 0;

    // Unicode's Final_Sigma: a cased letter before and none after, case-ignorable characters looked through.
    private static bool IsFinalSigma(string text, int at)
    {
        var before = at - 1;
        while (before >= 0 && IsCaseIgnorable(text[before])) before--;
        if (before < 0 || !IsCased(text[before])) return false;

        var after = at + 1;
        while (after < text.Length && IsCaseIgnorable(text[after])) after++;
        return after >= text.Length || !IsCased(text[after]);
    }

    private static bool IsCased(char c) => char.IsUpper(c) || char.IsLower(c) || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.TitlecaseLetter;

    private static bool IsCaseIgnorable(char c) =>
        c is '\'' or '.' or ':' or '\u00b7' or '\u2019' or '\u2018' or '\u2024' or '\u2027'
        || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;
}
