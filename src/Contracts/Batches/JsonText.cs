using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Fleet.Contracts.Batches;

/// <summary>JSON values as text, and texts, numbers and flags as JSON.</summary>
internal static class JsonText
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 512 };

    private static readonly JsonElement True = JsonDocument.Parse("true").RootElement;

    private static readonly JsonElement False = JsonDocument.Parse("false").RootElement;

    public static bool IsNull(string? json) => json is null || json.AsSpan().Trim() is "null";

    public static JsonElement? Parse(string? json, int row)
    {
        if (json is null) return null;
        try
        {
            return JsonDocument.Parse(json, Options).RootElement;
        }
        catch (JsonException fault)
        {
            throw new FleetException($"Row {row} holds {Quoted.Clip(json)} where JSON is expected: {fault.Message}", inner: fault);
        }
    }

    /// <summary>The content of a JSON string, and the text itself of any other value.</summary>
    public static string? Content(string? json, int row)
    {
        if (json is null || !json.AsSpan().TrimStart().StartsWith("\"")) return json;
        var element = Parse(json, row)!.Value;
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, which Python's json writes and .NET's refuses to read.
            return Unescaped(element.GetRawText().AsSpan()[1..^1]);
        }
    }

    private static string Unescaped(ReadOnlySpan<char> escaped)
    {
        var text = new StringBuilder(escaped.Length);
        for (int i = 0; i < escaped.Length; i++)
        {
            char next = escaped[i];
            if (next == '\\')
            {
                next = escaped[++i];
                switch (next)
                {
                    case 'n': next = '\n'; break;
                    case 't': next = '\t'; break;
                    case 'r': next = '\r'; break;
                    case 'b': next = '\b'; break;
                    case 'f': next = '\f'; break;
                    case 'u':
                        next = (char)ushort.Parse(escaped.Slice(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                        i += 4;
                        break;
                }
            }

            text.Append(next);
        }

        return text.ToString();
    }

    public static JsonElement? Of(string? text) => text is null ? null : JsonSerializer.SerializeToElement(text);

    public static JsonElement? Of(double? number) => number switch
    {
        null => null,
        { } finite when double.IsFinite(finite) => JsonSerializer.SerializeToElement(finite),
        { } other => JsonSerializer.SerializeToElement(other.ToString(CultureInfo.InvariantCulture)),
    };

    public static JsonElement? Of(bool? flag) => flag is { } value ? value ? True : False : null;
}
