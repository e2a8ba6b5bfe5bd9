using System.Globalization;
using System.Numerics;
using System.Text;
using Fleet.Rewards.Math.Exact;
using Fleet.Rewards.Math.Expressions;

namespace Fleet.Rewards.Math.Latex;

/// <summary>Reads one number literal: separators of thousands, a decimal point, an exponent.</summary>
internal static class NumberScanner
{
    /// <summary>Digits of a literal that are evaluated; a longer one is only compared as text.</summary>
    public const int MaxDigits = 4_000;

    private const int MaxExponent = 2_000;
    private const int MaxGroups = 40;

    /// <summary>Reads the number that starts at <paramref name="at"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">A digit, or a point before a digit; moved behind the number.</param>
    /// <param name="bracketed">Whether a bracket is open: a comma is then a separator of items.</param>
    public static string Read(string text, ref int at, bool bracketed)
    {
        var start = at;
        at = DigitsEnd(text, at);
        string? joined = null;
        if (at - start is >= 1 and <= 3 && text[start] != '0') joined = Grouped(text, start, ref at, bracketed) ?? Pointed(text, start, ref at);

        var whole = at;
        if (at < text.Length && text[at] == '.')
        {
            var digits = DigitsEnd(text, at + 1);
            if (digits > at + 1 || IsRepetend(text, at + 1)) at = digits;
        }

        var fraction = text[whole..at];
        var exponent = Exponent(text, ref at);
        return joined is null && exponent.Length == 0 ? text[start..at] : (joined ?? text[start..whole]) + fraction + exponent;
    }

    /// <summary>The value of a literal that <see cref="Read"/> returned, or null when it has too many digits.</summary>
    public static Number? Parse(string literal)
    {
        if (literal.Length > MaxDigits) return null;
        if (literal.Length < 10 && int.TryParse(literal, NumberStyles.None, CultureInfo.InvariantCulture, out var small)) return new Number(small);

        var mantissa = literal.AsSpan();
        var exponent = 0;
        if (mantissa.IndexOfAny('e', 'E') is var e and >= 0)
        {
            if (!int.TryParse(mantissa[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Abs(exponent) > MaxExponent) return null;
            mantissa = mantissa[..e];
        }

        var point = mantissa.IndexOf('.');
        var digits = point < 0 ? mantissa.ToString() : string.Concat(mantissa[..point], mantissa[(point + 1)..]);
        if (digits.Length == 0) digits = "0";
        var value = BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        if (point < 0 && mantissa.Length == literal.Length) return new Number(value);

        var places = (point < 0 ? 0 : mantissa.Length - point - 1) - exponent;
        var exact = places > 0 ? Rational.Of(value, BigInteger.Pow(10, places)) : value * BigInteger.Pow(10, -places);
        return new Number(exact, places, digits.AsSpan().TrimStart('0').Length);
    }

    /// <summary>An answer that is nothing but a decimal with a comma for its point, points between groups of three before it; null for anything else.</summary>
    public static Number? ParseDecimalComma(string answer)
    {
        var start = answer.StartsWith('-') ? 1 : 0;
        var comma = answer.IndexOf(',', StringComparison.Ordinal);
        if (comma <= start || comma != answer.LastIndexOf(',') || comma + 1 >= answer.Length || answer.Length > 100 || DigitsEnd(answer, comma + 1) != answer.Length) return null;
        var groups = answer[start..comma].Split('.');
        if (!Array.TrueForAll(groups, g => g.Length > 0 && DigitsEnd(g, 0) == g.Length) || (groups.Length > 1 && Array.Exists(groups[1..], g => g.Length != 3))) return null;
        return Parse($"{string.Concat(groups)}.{answer[(comma + 1)..]}") is { } number ? new Number(start == 1 ? -number.Value : number.Value, number.Places, number.Digits) : null;
    }

    private static int DigitsEnd(string text, int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return at;
    }

    // "0.\overline{3}": the point belongs to the number although no digit follows it.
    private static bool IsRepetend(string text, int at) =>
        string.CompareOrdinal(text, at, "\\overline", 0, 9) == 0 || string.CompareOrdinal(text, at, "\\dot", 0, 4) == 0 || string.CompareOrdinal(text, at, "\\bar", 0, 4) == 0;

    private static string? Grouped(string text, int start, ref int at, bool bracketed)
    {
        var digits = new StringBuilder(text, start, at - start, 32);
        var end = at;
        var plainComma = false;
        var afterComma = start > 0 && text[start - 1] == ',';
        for (var groups = 0; groups < MaxGroups && Separator(text, end, out var comma) is var next and >= 0; groups++)
        {
            if (comma && (bracketed || afterComma)) break;
            if (DigitsEnd(text, next) != next + 3) return null;
            plainComma |= comma;
            digits.Append(text, next, 3);
            end = next + 3;
        }

        if (end == at) return null;
        if (plainComma && end + 1 < text.Length && text[end] == ',' && char.IsAsciiDigit(text[end + 1])) return null;
        at = end;
        return digits.ToString();
    }

    // Where the next group of digits begins, or -1; a plain comma may also be a separator of items.
    private static int Separator(string text, int at, out bool comma)
    {
        comma = false;
        if (at >= text.Length) return -1;
        var next = -1;
        if (BracedComma(text, at) is var braced and > 0) next = string.CompareOrdinal(text, braced, "\\!", 0, 2) == 0 ? braced + 2 : braced;
        else if (string.CompareOrdinal(text, at, "{,\\!}", 0, 5) == 0) next = at + 5;
        else if (string.CompareOrdinal(text, at, ",\\!", 0, 3) == 0) next = SkipSpaces(text, at + 3);
        else if (string.CompareOrdinal(text, at, "\\,", 0, 2) == 0) next = SkipSpaces(text, at + 2);
        else if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] is ' ' or ';' or ':') next = SkipSpaces(text, at + 2);
        else if (text[at] is ' ' or '~' or '\'') next = at + 1;
        else if (text[at] == ',')
        {
            next = at + 1;
            comma = true;
        }

        if (next < 0 || next >= text.Length || !char.IsAsciiDigit(text[next])) return -1;
        return text[at] is ' ' or '~' or '\'' or '\\' && text[at + 1] != ',' && DigitsEnd(text, next) != next + 3 ? -1 : next;
    }

    // "1.234.567": with two points they can only separate groups.
    private static string? Pointed(string text, int start, ref int at)
    {
        var digits = new StringBuilder(text, start, at - start, 32);
        var end = at;
        while (end < text.Length && text[end] == '.' && DigitsEnd(text, end + 1) == end + 4 && digits.Length < 3 * MaxGroups)
        {
            digits.Append(text, end + 1, 3);
            end += 4;
        }

        if (end - at < 8) return null;
        at = end;
        return digits.ToString();
    }

    // "{,}" with or without spaces around the comma and before the brace.
    private static int BracedComma(string text, int at)
    {
        at = SkipSpaces(text, at);
        if (at >= text.Length || text[at] != '{') return 0;
        at = SkipSpaces(text, at + 1);
        if (at >= text.Length || text[at] != ',') return 0;
        at = SkipSpaces(text, at + 1);
        return at < text.Length && text[at] == '}' ? at + 1 : 0;
    }

    private static int SkipSpaces(string text, int at)
    {
        while (at < text.Length && text[at] == ' ') at++;
        return at;
    }

    private static string Exponent(string text, ref int at)
    {
        if (at >= text.Length || text[at] is not ('e' or 'E')) return "";
        var digits = at + 1;
        if (digits < text.Length && text[digits] is '+' or '-') digits++;
        var end = DigitsEnd(text, digits);
        if (end == digits || (end < text.Length && (char.IsAsciiLetter(text[end]) || text[end] == '^'))) return "";
        var exponent = "e" + text[(at + 1)..end];
        at = end;
        return exponent;
    }
}
