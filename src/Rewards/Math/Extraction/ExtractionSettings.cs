using System.Text.Json;

namespace Fleet.Rewards.Math.Extraction;

/// <summary>How an answer is extracted from a text by the rules of the reference library.</summary>
public sealed record ExtractionSettings
{
    /// <summary>What is looked for: <c>latex</c>, <c>expr</c>, <c>string</c>.</summary>
    public IReadOnlyList<string> Targets { get; init; } = ["latex", "expr"];

    /// <summary>When a box is tried: 0 first, 50 with "final answer is", -1 never.</summary>
    public int BoxedMatchPriority { get; init; } = 50;

    /// <summary>Decimal places at which decimals are compared.</summary>
    public int FloatRounding { get; init; } = 6;

    /// <summary>Whether variables must have the same names.</summary>
    public bool Strict { get; init; } = true;

    /// <summary>Whether an inequality may answer a gold set.</summary>
    public bool AllowSetRelationComparison { get; init; }

    /// <summary>The strings of the target <c>string</c>.</summary>
    public IReadOnlyList<string> Strings { get; init; } = ["A", "B", "C", "D"];

    /// <summary>Whether strings are compared in lower case.</summary>
    public bool Lowercase { get; init; } = true;

    /// <summary>The settings in a JSON object with the reference's names; what is absent or of another type keeps its default.</summary>
    public static ExtractionSettings Of(JsonElement json)
    {
        var defaults = new ExtractionSettings();
        if (json.ValueKind != JsonValueKind.Object) return defaults;
        return new ExtractionSettings
        {
            Targets = Texts(json, "targets") ?? defaults.Targets,
            BoxedMatchPriority = Number(json, "boxed_match_priority") ?? defaults.BoxedMatchPriority,
            FloatRounding = Clamp(Number(json, "float_rounding") ?? defaults.FloatRounding, 0, 60),
            Strict = Flag(json, "strict") ?? defaults.Strict,
            AllowSetRelationComparison = Flag(json, "allow_set_relation_comp") ?? defaults.AllowSetRelationComparison,
            Strings = Texts(json, "strings") ?? defaults.Strings,
            Lowercase = Flag(json, "lowercase") ?? defaults.Lowercase,
        };
    }

    private static List<string>? Texts(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)]
        : null;

    private static int? Number(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private static bool? Flag(JsonElement json, string name) => json.TryGetProperty(name, out var value)
        ? value.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null }
        : null;
}
