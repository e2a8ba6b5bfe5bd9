using System.Buffers;
using System.Text;
using System.Text.Json;
using Fleet.Contracts;

namespace Fleet.Dispatcher.Rollouts;

/// <summary>Columns as trainers' data sets name them, given the names that rows have here; one mapping for every format.</summary>
/// <remarks>
/// A <c>prompt</c> that is a list of messages is <c>messages</c>, and so is a text of such a list. A row with a
/// <c>data_source</c> is one of verl: its <c>reward_model.ground_truth</c> is the gold answer, the members of its
/// <c>extra_info</c> are columns, and the <c>data_source</c> is the tag where nothing names a domain or tag. A list of one
/// text as <c>responses</c> is the response. What the row says itself under the name used here always wins.
/// </remarks>
internal static class TrainerColumns
{
    private const string Prompt = "prompt";
    private const string Messages = "messages";
    private const string Response = "response";
    private const string GroundTruth = "ground_truth";

    /// <summary>The row with its columns under the names used here; the row itself when it has them already.</summary>
    public static JsonElement Of(JsonElement row)
    {
        var columns = new List<(string Name, JsonElement Value)>();
        AddMessages(row, columns);
        if (Given(row, "data_source") is { ValueKind: JsonValueKind.String } source) AddVerl(row, source, columns);
        if (Given(row, Response) is null && Given(row, "response_ids") is null && Given(row, "responses") is { ValueKind: JsonValueKind.Array } responses
            && responses.GetArrayLength() == 1 && responses[0].ValueKind == JsonValueKind.String)
        {
            columns.Add((Response, responses[0]));
        }

        return columns.Count == 0 ? row : With(row, columns);
    }

    private static void AddMessages(JsonElement row, List<(string, JsonElement)> columns)
    {
        if (Given(row, Messages) is { } messages)
        {
            if (messages.ValueKind == JsonValueKind.String && List(messages) is { } list) columns.Add((Messages, list));
        }
        else if (Given(row, Prompt) is { ValueKind: JsonValueKind.Array } prompt)
        {
            columns.Add((Messages, prompt));
        }
    }

    private static void AddVerl(JsonElement row, JsonElement source, List<(string Name, JsonElement Value)> columns)
    {
        if (Given(row, GroundTruth) is null && Given(row, "reward_model") is { ValueKind: JsonValueKind.Object } model && Given(model, GroundTruth) is { } gold)
        {
            columns.Add((GroundTruth, gold));
        }

        if (Given(row, "extra_info") is { ValueKind: JsonValueKind.Object } info)
        {
            foreach (var member in info.EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.Null || Given(row, member.Name) is not null || columns.Exists(column => column.Name == member.Name)) continue;
                columns.Add((member.Name, member.Value));
            }
        }

        bool IsNamed(string name) => Given(row, name) is not null || columns.Exists(column => column.Name == name);
        if (!IsNamed("domain") && !IsNamed("tag")) columns.Add(("tag", source));
    }

    private static JsonElement With(JsonElement row, List<(string Name, JsonElement Value)> columns)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            foreach (var column in row.EnumerateObject())
            {
                // A list stands as messages now; the prompt is text.
                if (columns.Exists(given => given.Name == column.Name) || (column.Name == Prompt && column.Value.ValueKind == JsonValueKind.Array)) continue;
                column.WriteTo(json);
            }

            foreach (var (name, value) in columns)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }

    private static JsonElement? List(JsonElement text)
    {
        var content = JsonTexts.Text(text);
        if (!content.AsSpan().TrimStart().StartsWith("[")) return null;
        try
        {
            return JsonRows.Parse(Encoding.UTF8.GetBytes(content));
        }
        catch (FleetException)
        {
            return null;
        }
    }

    private static JsonElement? Given(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
