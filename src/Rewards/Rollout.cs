using System.Text.Json;

namespace Fleet.Rewards;

/// <summary>One rollout as a reward sees it: the text of the model, the gold answer, and the row's further columns.</summary>
/// <remarks>
/// A rollout is immutable and holds nothing but data, so the same rollout always gets the same score.
/// Special tokens that the trainer left in the text are still there; each reward says which it removes.
/// </remarks>
public sealed class Rollout
{
    private static readonly IReadOnlyDictionary<string, JsonElement> NoColumns = new Dictionary<string, JsonElement>();

    /// <summary>What the model was asked, as text; empty when the row has none.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>What the model answered, as text.</summary>
    public required string Response { get; init; }

    /// <summary>The gold answer as text; a gold answer given as a JSON object or list is its JSON text. Null when the row has none.</summary>
    public string? GroundTruth { get; init; }

    /// <summary>The row's finer kind, such as <c>mmlu_pro</c>; null when the row has none.</summary>
    public string? Tag { get; init; }

    /// <summary>How many valid tokens the response has; null when neither ids nor a count were given.</summary>
    /// <value>Tokens, at least 0.</value>
    public int? ResponseTokens { get; init; }

    /// <summary>The row's further columns by name, as JSON values; a column that is null in the row is absent here.</summary>
    public IReadOnlyDictionary<string, JsonElement> Columns { get; init; } = NoColumns;

    /// <summary>The column of this name, or null when the row does not have it or has null there.</summary>
    public JsonElement? Column(string name) =>
        Columns.TryGetValue(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;

    /// <summary>The text of a column: a JSON string's content, any other value's JSON text; null when absent.</summary>
    public string? Text(string name) => Column(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { } value => value.GetRawText(),
    };

    /// <summary>The number in a column, also when it is written as text; null when absent or not a number.</summary>
    public double? Number(string name) => Column(name) switch
    {
        { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out var number) => number,
        { ValueKind: JsonValueKind.String } value
            when double.TryParse(value.GetString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };
}
