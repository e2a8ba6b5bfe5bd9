using System.Globalization;
using System.Text.Json;

namespace Fleet.Rewards.Judge.Verdicts;

/// <summary>Reads a number on a scale: a line <c>Score: x</c>, a bare number, or a JSON object with a score.</summary>
/// <param name="lowest">The worst score of the scale; becomes 0.</param>
/// <param name="highest">The best score of the scale; becomes 1.</param>
/// <remarks>
/// Range: value in [0, 1].
/// Fails: <c>judge_unreadable</c> without such a line or outside of the scale, never clipped; <c>judge_ambiguous</c> when two lines differ.
/// </remarks>
public sealed class NumberParser(double lowest = 0, double highest = 10) : IVerdictParser
{
    private static readonly string[] Names = ["score", "rating", "final score", "final rating", "overall score", "total score"];

    /// <inheritdoc/>
    public string Form { get; } = string.Create(CultureInfo.InvariantCulture, $"\"Score: x\" with x from {lowest} to {highest}");

    /// <inheritdoc/>
    public VerdictReading Read(string text, JudgeAnswer answer)
    {
        if (JsonVerdict.Value(text) is { } value)
        {
            if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var score)) return Of(score);
            return JsonVerdict.Text(value) is { } written && OnScale(AnswerWords.Plain(written), alone: true) is { } said ? Of(said) : VerdictReading.Unreadable(Form);
        }

        if (text.StartsWith('{')) return VerdictReading.Unreadable(Form);
        if (OnScale(AnswerWords.Plain(text), alone: true) is { } bare) return Of(bare);

        // The score stands on the first or the last line; one that the judge quotes in between is not its own.
        double? found = null;
        var placed = false;
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        for (var i = 0; i < lines.Length; i++)
        {
            if (AfterName(AnswerWords.Plain(lines[i])) is not { } written || OnScale(written, alone: false) is not { } score) continue;
            if (found is { } other && other != score) return VerdictReading.None(JudgeReasons.Ambiguous, "The judge's answer holds two scores that differ.");
            found = score;
            placed |= (i == 0 || i == lines.Length - 1) && !AnswerWords.IsQuoted(lines[i]);
        }

        return found is { } only && placed ? Of(only) : VerdictReading.Unreadable(Form);
    }

    private static string? AfterName(ReadOnlySpan<char> line)
    {
        foreach (var name in Names)
        {
            if (!line.StartsWith(name, StringComparison.OrdinalIgnoreCase)) continue;
            var rest = line[name.Length..].TrimStart("*_` \t\"'");
            if (rest.Length > 0 && rest[0] is ':' or '=') return AnswerWords.Plain(rest[1..]).ToString();
        }

        return null;
    }

    // "7", "7/10", "7 out of 10"; after a name also "7, because" and "7 - good". Another scale than ours is not converted.
    private double? OnScale(ReadOnlySpan<char> text, bool alone)
    {
        if (!AnswerWords.TryNumber(text, out var number, out var rest)) return null;
        var of = rest.StartsWith("/") ? 1 : rest.StartsWith("out of", StringComparison.OrdinalIgnoreCase) ? 6 : 0;
        if (of > 0)
        {
            if (!AnswerWords.TryNumber(rest[of..].TrimStart(), out var scale, out rest) || scale != highest) return null;
        }

        var ends = rest.Length == 0 || (rest[0] == '.' && rest.Length == 1) || (!alone && rest[0] is '.' or ',' or ';' or '(' or '-' or '–' or '—');
        return ends ? number : null;
    }

    private VerdictReading Of(double score) => score >= lowest && score <= highest
        ? VerdictReading.Of(new Verdict((score - lowest) / (highest - lowest), score.ToString(CultureInfo.InvariantCulture)))
        : VerdictReading.Unreadable(Form);
}
