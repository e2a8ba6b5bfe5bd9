using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Fleet.Rewards.Text;

/// <summary>Upper and lower case as Python 3 sees them: full mappings, and the derived properties of Unicode.</summary>
/// <remarks>
/// The simple mappings of .NET agree with Python's for every code point but U+0130, U+0131 and U+017F, which .NET leaves
/// alone, and two letters that gained an upper case after Unicode 14. What maps to several characters is in the table here.
/// </remarks>
public static class PythonCase
{
    // Each entry is a character followed by its upper case. The Greek letters U+1F80 to U+1FAF follow a rule instead.
    private const string LongUpper =
        "\u00dfSS \u0149\u02bcN \u01f0J\u030c \u0390\u0399\u0308\u0301 \u03b0\u03a5\u0308\u0301 "
        + "\u0587\u0535\u0552 \u1e96H\u0331 \u1e97T\u0308 \u1e98W\u030a \u1e99Y\u030a \u1e9aA\u02be "
        + "\u1f50\u03a5\u0313 \u1f52\u03a5\u0313\u0300 \u1f54\u03a5\u0313\u0301 \u1f56\u03a5\u0313\u0342 "
        + "\u1fb2\u1fba\u0399 \u1fb3\u0391\u0399 \u1fb4\u0386\u0399 \u1fb6\u0391\u0342 "
        + "\u1fb7\u0391\u0342\u0399 \u1fbc\u0391\u0399 \u1fc2\u1fca\u0399 \u1fc3\u0397\u0399 "
        + "\u1fc4\u0389\u0399 \u1fc6\u0397\u0342 \u1fc7\u0397\u0342\u0399 \u1fcc\u0397\u0399 "
        + "\u1fd2\u0399\u0308\u0300 \u1fd3\u0399\u0308\u0301 \u1fd6\u0399\u0342 \u1fd7\u0399\u0308\u0342 "
        + "\u1fe2\u03a5\u0308\u0300 \u1fe3\u03a5\u0308\u0301 \u1fe4\u03a1\u0313 \u1fe6\u03a5\u0342 "
        + "\u1fe7\u03a5\u0308\u0342 \u1ff2\u1ffa\u0399 \u1ff3\u03a9\u0399 \u1ff4\u038f\u0399 "
        + "\u1ff6\u03a9\u0342 \u1ff7\u03a9\u0342\u0399 \u1ffc\u03a9\u0399 \ufb00FF \ufb01FI \ufb02FL \ufb03FFI "
        + "\ufb04FFL \ufb05ST \ufb06ST \ufb13\u0544\u0546 \ufb14\u0544\u0535 \ufb15\u0544\u053b "
        + "\ufb16\u054e\u0546 \ufb17\u0544\u053d";

    private static readonly FrozenDictionary<char, string> UpperByCharacter =
        LongUpper.Split(' ').ToFrozenDictionary(entry => entry[0], entry => entry[1..]);

    /// <summary>The text in upper case: <c>str.upper()</c>.</summary>
    public static string Upper(string text)
    {
        if (Ascii.IsValid(text)) return text.ToUpperInvariant();

        var upper = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i)) upper.Append(Rune.ToUpperInvariant(new Rune(text[i], text[++i])).ToString());
            else if (LongUpperOf(text[i]) is { } several) upper.Append(several);
            else upper.Append(UpperOf(text[i]));
        }

        return upper.ToString();
    }

    /// <summary>The text in lower case: <c>str.lower()</c>, with the final sigma rule.</summary>
    public static string Lower(string text)
    {
        if (text.AsSpan().IndexOfAny('\u0130', '\u03a3') < 0) return text.ToLowerInvariant();

        var lower = new StringBuilder(text.Length + 4);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\u0130') lower.Append("i\u0307");
            else if (text[i] == '\u03a3') lower.Append(FinalSigma.IsAt(text, i) ? '\u03c2' : '\u03c3');
            else if (char.IsSurrogatePair(text, i)) lower.Append(Rune.ToLowerInvariant(new Rune(text[i], text[++i])).ToString());
            else lower.Append(char.ToLowerInvariant(text[i]));
        }

        return lower.ToString();
    }

    /// <summary>Whether <c>text == text.upper()</c>; holds for a text without letters.</summary>
    public static bool EqualsUpper(string text) => Ascii.IsValid(text) ? text.AsSpan().IndexOfAnyInRange('a', 'z') < 0 : Upper(text) == text;

    /// <summary>Whether <c>text == text.lower()</c>; holds for a text without letters.</summary>
    public static bool EqualsLower(string text) => Ascii.IsValid(text) ? text.AsSpan().IndexOfAnyInRange('A', 'Z') < 0 : Lower(text) == text;

    /// <summary>Whether <c>str.isupper</c> holds: at least one cased character, and none in lower or title case.</summary>
    public static bool IsUpper(ReadOnlySpan<char> text) => IsAllOf(text, upper: true);

    /// <summary>Whether <c>str.islower</c> holds: at least one cased character, and none in upper or title case.</summary>
    public static bool IsLower(ReadOnlySpan<char> text) => IsAllOf(text, upper: false);

    /// <summary>Whether <c>str.isupper</c> holds for this one character: upper case in any script, title case not.</summary>
    public static bool IsUpper(Rune rune)
    {
        if (rune.IsAscii) return rune.Value is >= 'A' and <= 'Z';
        if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.UppercaseLetter) return true;

        // Other_Uppercase: Roman numerals and the circled, squared and negative letters.
        return rune.Value is (>= 0x2160 and <= 0x216F) or (>= 0x24B6 and <= 0x24CF)
            or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189);
    }

    /// <summary>Whether <c>str.islower</c> holds for this one character.</summary>
    public static bool IsLower(Rune rune)
    {
        if (rune.IsAscii) return rune.Value is >= 'a' and <= 'z';
        if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.LowercaseLetter) return true;

        // Other_Lowercase: ordinals, modifier letters, small Roman numerals and the like.
        return rune.Value is 0xAA or 0xBA or (>= 0x2B0 and <= 0x2B8) or 0x2C0 or 0x2C1 or (>= 0x2E0 and <= 0x2E4) or 0x345 or 0x37A
            or (>= 0x1D2C and <= 0x1D6A) or 0x1D78 or (>= 0x1D9B and <= 0x1DBF) or 0x2071 or 0x207F or (>= 0x2090 and <= 0x209C)
            or (>= 0x2170 and <= 0x217F) or (>= 0x24D0 and <= 0x24E9) or 0x2C7C or 0x2C7D or 0xA69C or 0xA69D or 0xA770 or 0xA7F8
            or 0xA7F9 or (>= 0xAB5C and <= 0xAB5F) or 0x10780 or (>= 0x10783 and <= 0x10785) or (>= 0x10787 and <= 0x107B0)
            or (>= 0x107B2 and <= 0x107BA);
    }

    private static bool IsAllOf(ReadOnlySpan<char> text, bool upper)
    {
        var seen = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (upper ? IsUpper(rune) : IsLower(rune)) seen = true;
            else if ((upper ? IsLower(rune) : IsUpper(rune)) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.TitlecaseLetter) return false;
        }

        return seen;
    }

    private static char UpperOf(char c) => c switch
    {
        '\u0131' => 'I',
        '\u017f' => 'S',
        _ => char.ToUpperInvariant(c),
    };

    private static string? LongUpperOf(char c)
    {
        if (c < '\u00df') return null;
        if (c is >= '\u1f80' and <= '\u1faf')
        {
            var block = c < '\u1f90' ? 0x1f08 : c < '\u1fa0' ? 0x1f28 : 0x1f68;
            return $"{(char)(block + (c & 7))}\u0399";
        }

        return UpperByCharacter.GetValueOrDefault(c);
    }
}
