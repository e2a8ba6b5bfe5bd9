using System.Globalization;
using System.Numerics;
using Fleet.Rewards.Math.Exact;
using Fleet.Rewards.Math.Expressions;

namespace Fleet.Rewards.Math.Latex;

/// <summary>Decimals whose last digits repeat without end.</summary>
internal static class Repetend
{
    private const int MaxPeriod = 60;

    /// <summary>The decimal with these digits repeated behind it, or null when they are too many or no plain digits.</summary>
    public static Number? Of(Number head, string digits)
    {
        if (digits.Length is 0 or > MaxPeriod || digits.AsSpan().ContainsAnyExceptInRange('0', '9')) return null;
        var period = BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        return new Number(head.Value + Rational.Of(period, BigInteger.Pow(10, head.Places ?? 0) * (BigInteger.Pow(10, digits.Length) - 1)));
    }

    /// <summary>The value of a decimal literal that goes on as it ends: one digit three times, or several digits twice; null when nothing repeats.</summary>
    public static Number? Continued(string literal)
    {
        var point = literal.IndexOf('.', StringComparison.Ordinal);
        var fraction = literal.AsSpan(point + 1);
        if (fraction.Length > 2 * MaxPeriod || fraction.ContainsAnyExceptInRange('0', '9')) return null;
        for (var period = 1; period * 2 <= fraction.Length; period++)
        {
            var times = period == 1 ? 3 : 2;
            if (fraction.Length < times * period) continue;
            var last = fraction[^period..];
            var before = fraction[^(times * period)..^period];
            if (!before[..period].SequenceEqual(last) || !before[^period..].SequenceEqual(last)) continue;
            return NumberScanner.Parse(literal) is { } head ? Of(head, last.ToString()) : null;
        }

        return null;
    }

    /// <summary>An answer that is nothing but a decimal with its repeated digits in brackets, written with a bar; else the answer itself.</summary>
    public static string Rewrite(string answer)
    {
        if (answer.Length is < 4 or > 200 || answer[^1] != ')' || answer.IndexOf('(', StringComparison.Ordinal) is var open && open < 1) return answer;
        var head = answer.AsSpan(answer[0] is '-' or '+' ? 1 : 0, answer[0] is '-' or '+' ? open - 1 : open);
        var point = head.IndexOf('.');
        if (point < 0 || head[..point].ContainsAnyExceptInRange('0', '9') || head[(point + 1)..].ContainsAnyExceptInRange('0', '9')) return answer;
        var period = answer.AsSpan(open + 1, answer.Length - open - 2);
        return period.Length == 0 || period.ContainsAnyExceptInRange('0', '9') ? answer : $"{answer[..open]}\\overline{{{period}}}";
    }
}
