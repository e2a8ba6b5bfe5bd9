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

    private readonly ScoreScale _scale = new(lowest, highest);

    /// <inheritdoc/>
    public string Form => $"\"Score: x\" with x {_scale.Ends}";

    /// <inheritdoc/>
    public VerdictReading Read(string text, JudgeAnswer answer)
    {
        if (JsonVerdict.Value(text) is { } value)
        {
            if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var score)) return Of(score);
            return JsonVerdict.Text(value) is { } written && _scale.Read(AnswerWords.Plain(written), alone: true) is { } said ? Of(said) : VerdictReading.Unreadable(Form);
        }

        if (text.StartsWith('{')) return VerdictReading.Unreadable(Form);
        if (_scale.Read(AnswerWords.Plain(text), alone: true) is { } bare) return Of(bare);

        // The score stands on the first or the last line; one that the judge quotes in between is not its own.
        double? found = null;
        var placed = false;
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        for (var i = 0; i < lines.Length; i++)
        {
            if (AfterName(AnswerWords.Plain(lines[i])) is not { } written || _scale.Read(written, alone: false) is not { } score) continue;
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

    private VerdictReading Of(double score) => _scale.Holds(score)
        ? VerdictReading.Of(new Verdict(_scale.Share(score), score.ToString(CultureInfo.InvariantCulture)))
        : VerdictReading.Unreadable(Form);
}
