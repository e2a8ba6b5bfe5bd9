using System.Globalization;

namespace Fleet.Rewards.Judge.Verdicts;

/// <summary>A scale of scores, and the ways in which a judge writes one: <c>7</c>, <c>7/10</c>, <c>7 out of 10</c>.</summary>
/// <param name="Lowest">The worst score.</param>
/// <param name="Highest">The best score; above the worst.</param>
internal readonly record struct ScoreScale(double Lowest, double Highest)
{
    /// <summary>How the ends are written: <c>from 0 to 10</c>.</summary>
    public string Ends => string.Create(CultureInfo.InvariantCulture, $"from {Lowest} to {Highest}");

    /// <summary>Whether a score is on the scale; never for what is no number.</summary>
    public bool Holds(double score) => score >= Lowest && score <= Highest;

    /// <summary>Where a score stands between the ends; in [0, 1].</summary>
    public double Share(double score) => (score - Lowest) / (Highest - Lowest);

    /// <summary>The score that a text is, or begins with; null when it is none. It may be off the scale, and another scale than this one is not converted.</summary>
    /// <param name="text">The text, without ornaments.</param>
    /// <param name="alone">Whether nothing may follow; otherwise also an explanation: "7, because", "7 - good", "7 (short)".</param>
    public double? Read(ReadOnlySpan<char> text, bool alone)
    {
        if (!AnswerWords.TryNumber(text, out var number, out var rest)) return null;
        var of = rest.StartsWith("/") ? 1 : rest.StartsWith("out of", StringComparison.OrdinalIgnoreCase) ? 6 : 0;
        if (of > 0)
        {
            if (!AnswerWords.TryNumber(rest[of..].TrimStart(), out var scale, out rest) || scale != Highest) return null;
        }

        var ends = rest.Length == 0 || (rest[0] == '.' && rest.Length == 1) || (!alone && rest[0] is '.' or ',' or ';' or '(' or '-' or '–' or '—');
        return ends ? number : null;
    }
}
