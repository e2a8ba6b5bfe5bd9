using System.Globalization;
using System.Text;

namespace Fleet.Rewards.Text;

/// <summary>Word characters and word boundaries as Python's <c>re</c> sees them: <c>\w</c> and <c>\b</c> over Unicode.</summary>
/// <remarks>
/// Python's <c>\w</c> is a letter, any numeric character or <c>_</c>; .NET's leaves out letter and other numbers and takes marks and
/// connectors instead. Indices are UTF-16; both halves of a surrogate pair answer for the code point that they form.
/// </remarks>
public static class PythonWord
{
    private const uint WordCategories =
        (1u << (int)UnicodeCategory.UppercaseLetter) | (1u << (int)UnicodeCategory.LowercaseLetter)
        | (1u << (int)UnicodeCategory.TitlecaseLetter) | (1u << (int)UnicodeCategory.ModifierLetter)
        | (1u << (int)UnicodeCategory.OtherLetter) | (1u << (int)UnicodeCategory.DecimalDigitNumber)
        | (1u << (int)UnicodeCategory.LetterNumber) | (1u << (int)UnicodeCategory.OtherNumber);

    /// <summary>Whether the character at this index is a word character.</summary>
    public static bool IsAt(ReadOnlySpan<char> text, int index)
    {
        var c = text[index];
        if (c < 128) return char.IsAsciiLetterOrDigit(c) || c == '_';
        return Has(WordCategories, CategoryAt(text, index));
    }

    /// <summary>Whether a word character ends just before this index.</summary>
    public static bool IsBefore(ReadOnlySpan<char> text, int index) => index > 0 && IsAt(text, index - 1);

    /// <summary>Whether a word character starts at this index, which may be the end of the text.</summary>
    public static bool IsAfter(ReadOnlySpan<char> text, int index) => index < text.Length && IsAt(text, index);

    /// <summary>Whether <c>\b</c> matches at this index.</summary>
    public static bool IsBoundary(ReadOnlySpan<char> text, int index) => IsBefore(text, index) != IsAfter(text, index);

    /// <summary>Whether <c>\d</c> matches at this index: a decimal digit of any script.</summary>
    public static bool IsDigitAt(ReadOnlySpan<char> text, int index) =>
        text[index] < 128 ? char.IsAsciiDigit(text[index]) : CategoryAt(text, index) == UnicodeCategory.DecimalDigitNumber;

    /// <summary>How many matches <c>\w+</c> has.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        var inside = false;
        for (var i = 0; i < text.Length; i++)
        {
            var word = IsAt(text, i);
            if (word && !inside) count++;
            inside = word;
        }

        return count;
    }

    private static UnicodeCategory CategoryAt(ReadOnlySpan<char> text, int index)
    {
        var c = text[index];
        if (!char.IsSurrogate(c)) return CharUnicodeInfo.GetUnicodeCategory(c);

        var high = char.IsHighSurrogate(c) ? index : index - 1;
        return high >= 0 && high + 1 < text.Length && Rune.TryCreate(text[high], text[high + 1], out var rune)
            ? Rune.GetUnicodeCategory(rune)
            : UnicodeCategory.Surrogate;
    }

    private static bool Has(uint categories, UnicodeCategory category) => (categories & (1u << (int)category)) != 0;
}
