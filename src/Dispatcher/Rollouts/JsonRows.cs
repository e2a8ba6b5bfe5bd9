using System.Text.Json;
using Fleet.Contracts;

namespace Fleet.Dispatcher.Rollouts;

/// <summary>Reads the rows of one JSON text: a list of rows, or an object that has one as <c>rows</c>.</summary>
public static class JsonRows
{
    private const string Rows = "rows";

    /// <summary>The rows in order; an element that is no object, or is nested too deep, is a row with a problem.</summary>
    /// <param name="json">UTF-8; it belongs to the rows from now on.</param>
    /// <param name="maxRowBytes">A larger row is a row with a problem.</param>
    /// <exception cref="FleetException">The text is no JSON, or holds no list of rows.</exception>
    public static IReadOnlyList<Row> Read(Memory<byte> json, int maxRowBytes)
    {
        var text = Mended(json);
        try
        {
            return ReadRows(text, maxRowBytes);
        }
        catch (JsonException broken)
        {
            throw NoJson(broken);
        }
    }

    /// <summary>Any JSON text; what is no valid character in it costs that character alone.</summary>
    /// <param name="json">UTF-8; it belongs to the element from now on.</param>
    /// <exception cref="FleetException">The text is no JSON.</exception>
    public static JsonElement Parse(Memory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(Mended(json)).RootElement;
        }
        catch (JsonException broken)
        {
            throw NoJson(broken);
        }
    }

    // Only where rows begin and end is looked for here: each is then parsed by itself, and fails by itself.
    private static List<Row> ReadRows(ReadOnlyMemory<byte> json, int maxRowBytes)
    {
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        List<Row>? rows = null;
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isRows = reader.ValueTextEquals(Rows);
                reader.Read();
                if (isRows) rows = ReadList(ref reader, json, maxRowBytes);
                else reader.Skip();
            }
        }
        else
        {
            rows = ReadList(ref reader, json, maxRowBytes);
        }

        // Behind the text nothing may follow; the reader says so.
        reader.Read();
        return rows ?? throw new FleetException($"The object has no member '{Rows}'; give a list of rows, or {{\"{Rows}\": [...]}}.");
    }

    private static List<Row> ReadList(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, int maxRowBytes)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            var found = reader.TokenType == JsonTokenType.StartObject ? "object" : reader.TokenType.ToString().ToLowerInvariant();
            throw new FleetException($"A list of rows, or {{\"{Rows}\": [...]}}, is expected; found is {found}.");
        }

        var rows = new List<Row>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            rows.Add(Row.Parse(rows.Count + 1, json[start..(int)reader.BytesConsumed], maxRowBytes));
        }

        return rows;
    }

    private static Memory<byte> Mended(Memory<byte> json) => WellFormed.Of(json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json);

    private static FleetException NoJson(JsonException broken) => new($"The text is no JSON: {broken.Message}", inner: broken);
}
