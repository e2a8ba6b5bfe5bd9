using System.Globalization;
using System.Text;

namespace Fleet.Rewards.Text;

/// <summary>Unicode's Final_Sigma: a cased letter stands before and none after, case-ignorable characters looked through.</summary>
internal static class FinalSigma
{
    /// <summary>Whether the capital sigma at this index becomes a final one in lower case.</summary>
    /// <remarks>
    /// A text of nothing but sigmas and ignorable characters would look through the same run again and again; the look is
    /// cut after <see cref="Reach"/> characters, which no word of any language needs.
    /// </remarks>
    public static bool IsAt(string text, int at) => HasCasedBefore(text, at) && !HasCasedAfter(text, at);

    private const int Reach = 256;

    private static bool HasCasedBefore(string text, int at)
    {
        for (var i = at - 1; i >= 0 && i >= at - Reach; i--)
        {
            var rune = char.IsLowSurrogate(text[i]) && i > 0 && char.IsHighSurrogate(text[i - 1]) ? new Rune(text[i - 1], text[i--]) : Lone(text[i]);
            if (!IsCaseIgnorable(rune)) return IsCased(rune);
        }

        return false;
    }

    private static bool HasCasedAfter(string text, int at)
    {
        for (var i = at + 1; i < text.Length && i <= at + Reach; i++)
        {
            var rune = char.IsSurrogatePair(text, i) ? new Rune(text[i], text[++i]) : Lone(text[i]);
            if (!IsCaseIgnorable(rune)) return IsCased(rune);
        }

        return false;
    }

    private static Rune Lone(char c) => char.IsSurrogate(c) ? Rune.ReplacementChar : new Rune(c);

    private static bool IsCased(Rune rune) =>
        PythonCase.IsUpper(rune) || PythonCase.IsLower(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.TitlecaseLetter;

    private static bool IsCaseIgnorable(Rune rune) =>
        rune.Value is '\'' or '.' or ':' or 0xB7 or 0x387 or 0x55F or 0x5F4 or 0x2018 or 0x2019 or 0x2024 or 0x2027
            or 0xFE13 or 0xFE52 or 0xFE55 or 0xFF07 or 0xFF0E or 0xFF1A
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;
}
