using System.Globalization;
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

    public static string? Content(string? json, int row) =>
        json is not null && json.AsSpan().TrimStart().StartsWith("\"") ? Parse(json, row)?.GetString() : json;

    public static JsonElement? Of(string? text) => text is null ? null : JsonSerializer.SerializeToElement(text);

    public static JsonElement? Of(double? number) => number switch
    {
        null => null,
        { } finite when double.IsFinite(finite) => JsonSerializer.SerializeToElement(finite),
        { } other => JsonSerializer.SerializeToElement(other.ToString(CultureInfo.InvariantCulture)),
    };

    public static JsonElement? Of(bool? flag) => flag is { } value ? value ? True : False : null;
}
