using System.Runtime.InteropServices;
using System.Text.Json;
using Fleet.Contracts;

namespace Fleet.Dispatcher.Rollouts;

/// <summary>Reads the rows of one JSON text: a list of rows, or an object that has one as <c>rows</c>.</summary>
public static class JsonRows
{
    private const string Rows = "rows";

    /// <summary>The rows in order; an element that is no object is a row with a problem.</summary>
    /// <param name="json">UTF-8; it belongs to the rows from now on.</param>
    /// <param name="maxRowBytes">A larger row is a row with a problem.</param>
    /// <exception cref="FleetException">The text is no JSON, or holds no list of rows.</exception>
    public static IReadOnlyList<Row> Read(Memory<byte> json, int maxRowBytes)
    {
        var root = Parse(json);
        if (root.ValueKind == JsonValueKind.Object)
        {
            root = root.TryGetProperty(Rows, out var member)
                ? member
                : throw new FleetException($"The object has no member '{Rows}'; give a list of rows, or {{\"{Rows}\": [...]}}.");
        }

        if (root.ValueKind != JsonValueKind.Array) throw new FleetException($"A list of rows, or {{\"{Rows}\": [...]}}, is expected; found is {root.ValueKind.ToString().ToLowerInvariant()}.");
        var rows = new List<Row>(root.GetArrayLength());
        foreach (var element in root.EnumerateArray()) rows.Add(Row.Of(rows.Count + 1, element, JsonMarshal.GetRawUtf8Value(element).Length, maxRowBytes));
        return rows;
    }

    /// <summary>Any JSON text; what is no valid character in it costs that character alone.</summary>
    /// <param name="json">UTF-8; it belongs to the element from now on.</param>
    /// <exception cref="FleetException">The text is no JSON.</exception>
    public static JsonElement Parse(Memory<byte> json)
    {
        if (json.Span.StartsWith("\uFEFF"u8)) json = json[3..];
        try
        {
            return JsonDocument.Parse(WellFormed.Of(json)).RootElement;
        }
        catch (JsonException broken)
        {
            throw new FleetException($"The text is no JSON: {broken.Message}", inner: broken);
        }
    }
}
