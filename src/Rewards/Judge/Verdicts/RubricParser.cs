using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.Rewards.Judge.Verdicts;

/// <summary>Reads a score for each of several criteria: a JSON object by name, or one line <c>name: x</c> for each.</summary>
/// <param name="criteria">Criterion to weight; weights are positive.</param>
/// <param name="lowest">The worst score of a criterion; becomes 0.</param>
/// <param name="highest">The best score of a criterion; becomes 1.</param>
/// <remarks>
/// Range: value in [0, 1], the mean of the criteria by weight.
/// Fails: <c>judge_unreadable</c> when a criterion is missing or outside of the scale; <c>judge_ambiguous</c> when one has two scores.
/// </remarks>
public sealed class RubricParser(IReadOnlyDictionary<string, double> criteria, double lowest = 0, double highest = 10) : IVerdictParser
{
    private readonly double _weights = criteria.Values.Sum();

    /// <inheritdoc/>
    public string Form { get; } = string.Create(CultureInfo.InvariantCulture, $"one line \"name: x\" with x from {lowest} to {highest} for each of: {string.Join(", ", criteria.Keys)}");

    /// <inheritdoc/>
    public VerdictReading Read(string text, JudgeAnswer answer)
    {
        var scores = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        var clear = JsonVerdict.Object(text) is { } json ? FromObject(json, scores) : text.StartsWith('{') || FromLines(text, scores);
        if (!clear) return VerdictReading.None(JudgeReasons.Ambiguous, "The judge's answer holds two scores for one criterion.");

        var sum = 0.0;
        var parts = new JsonObject();
        foreach (var (name, weight) in criteria)
        {
            if (!scores.TryGetValue(name, out var score) || score < lowest || score > highest) return VerdictReading.Unreadable(Form);
            parts[name] = score;
            sum += weight * (score - lowest) / (highest - lowest);
        }

        var value = sum / _weights;
        return VerdictReading.Of(new Verdict(value, value.ToString("0.####", CultureInfo.InvariantCulture), parts));
    }

    private bool FromObject(JsonElement answer, Dictionary<string, double> scores)
    {
        foreach (var property in answer.EnumerateObject())
        {
            if (Criterion(JsonVerdict.Name(property)) is not { } name) continue;
            double score;
            if (property.Value.ValueKind == JsonValueKind.Number) _ = property.Value.TryGetDouble(out score);
            else if (property.Value.ValueKind != JsonValueKind.Object || !property.Value.TryGetProperty("score", out var inner) || inner.ValueKind != JsonValueKind.Number || !inner.TryGetDouble(out score)) continue;
            if (!scores.TryAdd(name, score) && scores[name] != score) return false;
        }

        return true;
    }

    private bool FromLines(string text, Dictionary<string, double> scores)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (AnswerWords.IsQuoted(line)) continue;
            var plain = AnswerWords.Plain(line.TrimStart("-•+* \t0123456789.)"));
            var colon = plain.IndexOf(':');
            if (colon <= 0 || Criterion(AnswerWords.Plain(plain[..colon]).ToString()) is not { } name) continue;
            if (!AnswerWords.TryNumber(AnswerWords.Plain(plain[(colon + 1)..]), out var score, out var rest)) continue;
            if (rest.StartsWith("/") && (!AnswerWords.TryNumber(rest[1..].TrimStart(), out var scale, out _) || scale != highest)) continue;
            if (!scores.TryAdd(name, score) && scores[name] != score) return false;
        }

        return true;
    }

    private string? Criterion(string name) => criteria.Keys.FirstOrDefault(known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase));
}
