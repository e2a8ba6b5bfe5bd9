using System.Globalization;

namespace Fleet.Rewards.Code;

/// <summary>Compares what a program printed with what it should print.</summary>
/// <remarks>
/// Line by line, and in a line token by token. Blanks at line ends, blank lines at the end and carriage returns before a
/// line feed do not count; order, case, and the number of lines and tokens do. Where an integer is
/// expected it must be that integer, written as one. Other decimal numbers may differ by 1e-6 of the larger one, or by 1e-8.
/// Differs: the reference also accepts, in places, lines as sets of tokens and an answer that merely occurs in the output.
/// </remarks>
public static class OutputComparison
{
    private const double Relative = 1e-6;
    private const double Absolute = 1e-8;
    private const string Blanks = " \t\v\f\r";

    /// <summary>Whether the two outputs say the same.</summary>
    public static bool Same(string actual, string expected)
    {
        var left = WithoutBlankEnd(actual);
        var right = WithoutBlankEnd(expected);
        if (left.SequenceEqual(right)) return true;

        while (true)
        {
            var leftLine = NextLine(ref left, out var leftMore);
            var rightLine = NextLine(ref right, out var rightMore);
            if (leftMore != rightMore || !SameTokens(leftLine, rightLine)) return false;
            if (!leftMore) return true;
        }
    }

    /// <summary>Whether two number tokens are close enough; false when either is no finite decimal number.</summary>
    internal static bool SameNumber(ReadOnlySpan<char> actual, ReadOnlySpan<char> expected)
    {
        var kinds = (KindOf(actual), KindOf(expected));
        if (kinds is (NumberKind.None, _) or (_, NumberKind.None)) return false;
        if (kinds is (NumberKind.Integer, NumberKind.Integer)) return Digits(actual, out var minus).SequenceEqual(Digits(expected, out var minusToo)) && minus == minusToo;
        if (kinds is (_, NumberKind.Integer)) return false;

        var a = double.Parse(actual, NumberStyles.Float, CultureInfo.InvariantCulture);
        var b = double.Parse(expected, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(a) && double.IsFinite(b) && Abs(a - b) <= Max(Absolute, Relative * Max(Abs(a), Abs(b)));
    }

    private static ReadOnlySpan<char> WithoutBlankEnd(string text) => text.AsSpan().TrimEnd(" \t\v\f\r\n");

    private static ReadOnlySpan<char> NextLine(ref ReadOnlySpan<char> text, out bool more)
    {
        var end = text.IndexOf('\n');
        more = end >= 0;
        var line = more ? text[..end] : text;
        text = more ? text[(end + 1)..] : default;
        return line;
    }

    private static bool SameTokens(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        while (true)
        {
            var a = NextToken(ref left);
            var b = NextToken(ref right);
            if (a.IsEmpty || b.IsEmpty) return a.IsEmpty && b.IsEmpty;
            if (!a.SequenceEqual(b) && !SameNumber(a, b)) return false;
        }
    }

    private static ReadOnlySpan<char> NextToken(ref ReadOnlySpan<char> line)
    {
        line = line.TrimStart(Blanks);
        var end = line.IndexOfAny(Blanks);
        var token = end < 0 ? line : line[..end];
        line = end < 0 ? default : line[end..];
        return token;
    }

    private enum NumberKind { None, Integer, Decimal }

    private static NumberKind KindOf(ReadOnlySpan<char> token)
    {
        var at = token.Length > 0 && token[0] is '+' or '-' ? 1 : 0;
        var whole = SkipDigits(token, ref at);
        if (at == token.Length) return whole > 0 ? NumberKind.Integer : NumberKind.None;

        var fraction = 0;
        if (token[at] == '.')
        {
            at++;
            fraction = SkipDigits(token, ref at);
        }

        if (whole + fraction == 0) return NumberKind.None;
        if (at < token.Length && token[at] is 'e' or 'E')
        {
            at++;
            if (at < token.Length && token[at] is '+' or '-') at++;
            if (SkipDigits(token, ref at) == 0) return NumberKind.None;
        }

        return at == token.Length ? NumberKind.Decimal : NumberKind.None;
    }

    private static int SkipDigits(ReadOnlySpan<char> token, ref int at)
    {
        var from = at;
        while (at < token.Length && char.IsAsciiDigit(token[at])) at++;
        return at - from;
    }

    private static ReadOnlySpan<char> Digits(ReadOnlySpan<char> integer, out bool minus)
    {
        var digits = integer.TrimStart("+-").TrimStart('0');
        minus = integer[0] == '-' && !digits.IsEmpty;
        return digits;
    }
}
