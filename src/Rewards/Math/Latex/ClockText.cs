using System.Globalization;
using System.Text;
using Fleet.Rewards.Math.Exact;
using Fleet.Rewards.Math.Expressions;

namespace Fleet.Rewards.Math.Latex;

/// <summary>Times of day with a half of the day named: "3:30 PM", "10 a.m.", "noon" as seconds since midnight.</summary>
internal static class ClockText
{
    private const int MaxLength = 40;
    private const int Hour = 3_600;
    private const int HalfDay = 12 * Hour;

    /// <summary>The time as <c>clock(seconds)</c>; null when the text is none.</summary>
    public static Call? Parse(string source)
    {
        if (source.Length is 0 or > MaxLength || source[^1] is not ('M' or 'm' or '.' or '}' or 'n' or 't' or ')')) return null;
        var words = Letters(source);
        if (words is "noon" or "12noon") return Clock(HalfDay);
        if (words is "midnight" or "12midnight") return Clock(0);
        if (words.Length < 3 || words[^2..] is not ("am" or "pm")) return null;
        var parts = words[..^2].Split(':');
        if (parts.Length > 3 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var hours) || hours > 12) return null;
        var seconds = (hours % 12) * Hour + (words[^2] == 'p' ? HalfDay : 0);
        for (var i = 1; i < parts.Length; i++)
        {
            if (parts[i].Length != 2 || !int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out var part) || part > 59) return null;
            seconds += i == 1 ? part * 60 : part;
        }

        return Clock(seconds);
    }

    /// <summary>Whether two times are the same; without a half of the day named, either half may be meant.</summary>
    public static bool Same(Expr gold, Expr prediction) => (Seconds(gold), Seconds(prediction)) switch
    {
        ({ } g, { } p) => g == p || ((g - p) % HalfDay == 0 && (gold is not Call && g < HalfDay + Hour || prediction is not Call && p < HalfDay + Hour)),
        _ => false,
    };

    private static Call Clock(int seconds) => Build.Call("clock", new Number(seconds));

    private static int? Seconds(Expr e) => e switch
    {
        Call { Name: "clock", Arguments: [Number { Value: var seconds }] } => (int)seconds.Numerator,
        Ratio { Parts: [Number hours, Number minutes] } => Sum(hours, minutes, Number.Zero),
        Ratio { Parts: [Number hours, Number minutes, Number seconds] } => Sum(hours, minutes, seconds),
        Number hours => Sum(hours, Number.Zero, Number.Zero),
        Product { Factors: [Number hours, Unit { Name: "AM" or "PM" } half] } => (Sum(hours, Number.Zero, Number.Zero) % HalfDay) + (half.Name == "PM" ? HalfDay : 0),
        _ => null,
    };

    private static int? Sum(Number hours, Number minutes, Number seconds) =>
        IsBelow(hours, 25) && IsBelow(minutes, 60) && IsBelow(seconds, 60) ? (int)hours.Value.Numerator % 24 * Hour + (int)minutes.Value.Numerator * 60 + (int)seconds.Value.Numerator : null;

    private static bool IsBelow(Number n, int bound) => n.Value is { IsInteger: true, Sign: >= 0 } value && value < (Rational)bound;

    // Letters in lower case, digits and colons: what marks text is left out.
    private static string Letters(string source)
    {
        var plain = new StringBuilder(source.Length);
        foreach (var c in source.Replace("\\text", "", StringComparison.Ordinal).Replace("\\mathrm", "", StringComparison.Ordinal).Replace("{:}", ":", StringComparison.Ordinal))
        {
            if (char.IsLetterOrDigit(c) || c == ':') plain.Append(char.ToLowerInvariant(c));
            else if (c is not (' ' or '.' or '{' or '}' or '~' or '\\' or ',' or '(' or ')')) return "";
        }

        return plain.ToString();
    }
}
