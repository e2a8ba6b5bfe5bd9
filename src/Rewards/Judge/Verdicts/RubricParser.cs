using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.Rewards.Judge.Verdicts;

/// <summary>Reads a score for each of several criteria: a JSON object by name, or one line <c>name: x</c> for each, and nothing else.</summary>
/// <param name="criteria">Criterion to weight, in the order asked for; weights are positive.</param>
/// <param name="lowest">The worst score of a criterion; becomes 0.</param>
/// <param name="highest">The best score of a criterion; becomes 1.</param>
/// <remarks>
/// Range: value in [0, 1], the mean of the criteria by weight.
/// Fails: <c>judge_unreadable</c> when a criterion is missing or outside of the scale, or a line is something else: the lines around it may be somebody else's too; <c>judge_ambiguous</c> when a criterion has two scores.
/// </remarks>
public sealed class RubricParser(IReadOnlyDictionary<string, double> criteria, double lowest = 0, double highest = 10) : IVerdictParser
{
    private readonly ScoreScale _scale = new(lowest, highest);
    private readonly double _weights = criteria.Values.Sum();

    /// <inheritdoc/>
    public string Form => $"one line \"name: x\" with x {_scale.Ends} for each of: {string.Join(", ", criteria.Keys)}";

    /// <inheritdoc/>
    public VerdictReading Read(string text, JudgeAnswer answer)
    {
        var said = JsonVerdict.Object(text) is { } json ? InObject(json) : text.StartsWith('{') ? [] : InLines(text);
        var scores = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, score) in said)
            if (!scores.TryAdd(name, score) && scores[name] != score) return VerdictReading.None(JudgeReasons.Ambiguous, "The judge's answer holds two scores for one criterion.");

        var sum = 0.0;
        var parts = new JsonObject();
        foreach (var (name, weight) in criteria)
        {
            if (!scores.TryGetValue(name, out var score) || !_scale.Holds(score)) return VerdictReading.Unreadable(Form);
            parts[name] = score;
            sum += weight * _scale.Share(score);
        }

        var value = sum / _weights;
        return VerdictReading.Of(new Verdict(value, value.ToString("0.####", CultureInfo.InvariantCulture), parts));
    }

    private List<(string Name, double Score)> InObject(JsonElement answer)
    {
        List<(string, double)> said = [];
        foreach (var property in answer.EnumerateObject())
        {
            if (Criterion(JsonVerdict.Name(property)) is not { } name) continue;
            var value = property.Value.ValueKind == JsonValueKind.Object && property.Value.TryGetProperty("score", out var inner) ? inner : property.Value;
            if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var score)) said.Add((name, score));
        }

        return said;
    }

    // All or nothing: a line that is no criterion's may be what introduces a quotation, or comments on it.
    private List<(string Name, double Score)> InLines(string text)
    {
        List<(string, double)> said = [];
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.IsWhiteSpace()) continue;
            var plain = AnswerWords.Plain(line.TrimStart("-•+* \t0123456789.)"));
            var colon = plain.IndexOf(':');
            if (AnswerWords.IsQuoted(line) || colon <= 0 || Criterion(AnswerWords.Plain(plain[..colon])) is not { } name) return [];
            if (_scale.Read(AnswerWords.Plain(plain[(colon + 1)..]), alone: false) is not { } score) return [];
            said.Add((name, score));
        }

        return said;
    }

    private string? Criterion(ReadOnlySpan<char> name)
    {
        foreach (var known in criteria.Keys)
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase)) return known;
        return null;
    }
}
