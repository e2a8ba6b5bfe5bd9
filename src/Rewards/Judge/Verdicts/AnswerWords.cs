using System.Globalization;

namespace Fleet.Rewards.Judge.Verdicts;

/// <summary>The small pieces that verdicts are made of: a first word, a number at the beginning of a line.</summary>
internal static class AnswerWords
{
    // What a judge puts around a whole verdict without changing it: markup, quotes, brackets.
    private const string Ornaments = "*_`\"'“”‘’#>~[](){} \t\r\n";

    // What may stand before a verdict that goes on. Quotes may not: what they open is somebody else's words.
    private const string Markup = "*_# \t\r\n";

    private const string Quotes = ">\"'“‘`";

    private static readonly string[] Introductions = ["final answer", "final verdict", "answer", "verdict", "judgement", "judgment", "decision"];

    /// <summary>The text without ornaments at either end.</summary>
    public static ReadOnlySpan<char> Plain(ReadOnlySpan<char> text) => text.Trim(Ornaments);

    /// <summary>Whether the line quotes somebody: it begins with a quotation mark of some kind.</summary>
    public static bool IsQuoted(ReadOnlySpan<char> line) => line.TrimStart(" \t") is [var first, ..] && Quotes.Contains(first);

    /// <summary>The text without markup and without an introduction such as <c>Verdict:</c> before it.</summary>
    public static ReadOnlySpan<char> AfterIntroduction(ReadOnlySpan<char> text)
    {
        var bare = text.TrimStart(Markup);
        foreach (var introduction in Introductions)
        {
            if (!bare.StartsWith(introduction, StringComparison.OrdinalIgnoreCase)) continue;
            var rest = bare[introduction.Length..].TrimStart("*_ \t");
            if (rest.Length > 0 && rest[0] is ':' or '=') return rest[1..].TrimStart(Markup);
        }

        return bare;
    }

    /// <summary>Whether the text begins with this word or phrase and says nothing with it: the text, the line or the clause ends there.</summary>
    /// <remarks>"No errors" and "A better one" are the beginnings of sentences, "no-one" and "NO1" other words, and a word that ends in a closing quote is somebody else's.</remarks>
    public static bool StartsWith(ReadOnlySpan<char> text, string phrase)
    {
        if (!text.StartsWith(phrase, StringComparison.OrdinalIgnoreCase)) return false;
        var rest = text[phrase.Length..].TrimStart("*_");
        var next = rest.TrimStart(" \t");
        if (next.Length == 0 || next[0] is '\n' or '\r' or '(') return true;
        if (next.Length < rest.Length) return next[0] is '-' or '–' or '—' or ':';
        return rest[0] is '.' or ',' or ';' or ':' or '!' or '-' or '–' or '—' && (rest.Length == 1 || !char.IsLetterOrDigit(rest[1]));
    }

    /// <summary>A number at the beginning of the text, and what follows it.</summary>
    /// <returns>False when there is none, or when it goes on in a way that makes it another number ("7,5", "7-8", "70%").</returns>
    public static bool TryNumber(ReadOnlySpan<char> text, out double number, out ReadOnlySpan<char> rest)
    {
        var end = 0;
        if (end < text.Length && text[end] is '-' or '+') end++;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        if (end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1]))
        {
            end++;
            while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        }

        var read = double.TryParse(text[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out number);
        rest = text[end..].TrimStart("*_` \t\"'");
        if (!read || !double.IsFinite(number)) return false;
        if (rest.Length == 0) return true;
        if (char.IsLetterOrDigit(text[end])) return false;
        return rest[0] is not ('%' or '^') && !(rest[0] is '.' or ',' or '-' or '–' or '—' or '~' && rest[1..].TrimStart().IndexOfAnyInRange('0', '9') == 0);
    }
}
