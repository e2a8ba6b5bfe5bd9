using System.Text.Json;

namespace Fleet.Dispatcher.Rollouts;

/// <summary>One input row: a JSON object with the columns that its domain needs, or what is wrong with it.</summary>
public sealed class Row
{
    private Row()
    {
    }

    /// <summary>Number of the row in its input, from 1; for a file, its line.</summary>
    public long Number { get; private init; }

    /// <summary>The row's columns; not an object when the row could not be read.</summary>
    public JsonElement Json { get; private init; }

    /// <summary>Size of the row as it was given.</summary>
    /// <value>UTF-8 bytes.</value>
    public int Bytes { get; private init; }

    /// <summary>What is wrong with the row's own data; null when nothing is, as far as can be seen without scoring it.</summary>
    public RowProblem? Problem { get; private init; }

    /// <summary>The row's id as it was given, which may be a number; undefined when it has none.</summary>
    public JsonElement Id => Value("id") ?? default;

    /// <summary>The domain that the row names; null when it names none.</summary>
    public string? Domain => Text("domain");

    /// <summary>The row's tag; null when it has none.</summary>
    public string? Tag => Text("tag");

    /// <summary>Whether the response is given as token ids and not as text.</summary>
    public bool HasTokens => Value("response_ids") is not null && Value("response") is null;

    /// <summary>A row from a JSON object; gives trainers' columns the names used here and checks those that every domain reads.</summary>
    public static Row Of(long number, JsonElement json, int bytes, int maxBytes)
    {
        var problem = json.ValueKind != JsonValueKind.Object
            ? new RowProblem("not_an_object", $"Row {number} is a JSON {Kind(json)}, not an object; write one object a row.")
            : bytes > maxBytes
                ? RowProblem.TooLarge(bytes, maxBytes)
                : null;
        try
        {
            if (problem is null) problem = RowColumnTypes.Check(json = TrainerColumns.Of(json));
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // JSON within JSON that no reader takes: it is this row's own.
            problem = RowProblem.Unreadable(number, unreadable);
        }

        return new Row { Number = number, Json = json, Bytes = bytes, Problem = problem };
    }

    /// <summary>A row from its text; one that is no JSON, or nested too deep, is a row with a problem.</summary>
    /// <param name="number">Number of the row in its input, from 1.</param>
    /// <param name="json">Well-formed UTF-8; it belongs to the row from now on.</param>
    /// <param name="maxBytes">A larger row is a row with a problem.</param>
    public static Row Parse(long number, ReadOnlyMemory<byte> json, int maxBytes)
    {
        try
        {
            return Of(number, JsonDocument.Parse(json).RootElement, json.Length, maxBytes);
        }
        catch (JsonException broken)
        {
            return Broken(number, RowProblem.Unreadable(number, broken));
        }
    }

    /// <summary>A row that could not be read at all.</summary>
    public static Row Broken(long number, RowProblem problem, JsonElement id = default) => new()
    {
        Number = number,
        Json = id.ValueKind == JsonValueKind.Undefined ? default : JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement> { ["id"] = id }),
        Problem = problem,
    };

    /// <summary>A column; null when it is absent or null.</summary>
    public JsonElement? Value(string name) =>
        Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A column that is a JSON string; null otherwise.</summary>
    public string? Text(string name) => Value(name) is { ValueKind: JsonValueKind.String } value ? JsonTexts.Text(value) : null;

    private static string Kind(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Array => "list",
        var kind => kind.ToString().ToLowerInvariant(),
    };
}

/// <summary>What is wrong with a row's own data.</summary>
/// <param name="Code">Reason code.</param>
/// <param name="Sentence">One sentence.</param>
public sealed record RowProblem(string Code, string Sentence)
{
    internal static RowProblem TooLarge(long bytes, int maxBytes) =>
        new("row_too_large", $"The row has {bytes:N0} bytes; at most {maxBytes:N0} are allowed (limits.max_row_bytes).");

    internal static RowProblem Unreadable(long number, Exception why) => new("broken_row", $"Row {number} cannot be read: {why.Message}");
}
