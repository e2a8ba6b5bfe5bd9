using System.Text.Json;

namespace Fleet.Rewards.Code;

/// <summary>Compares what a called function returned with what it should return, both in JSON.</summary>
/// <remarks>Types count: true is not 1 and "1" is not 1. Numbers are compared as
/// <see cref="OutputComparison"/> does, but for 3.0, which is 3.</remarks>
internal static class ResultComparison
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    /// <summary>The JSON value of a text, or null when it is none.</summary>
    public static JsonElement? Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text, Deep).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether two values are the same.</summary>
    public static bool Same(JsonElement actual, JsonElement expected)
    {
        if (actual.ValueKind != expected.ValueKind) return false;
        return actual.ValueKind switch
        {
            JsonValueKind.Number => OutputComparison.SameNumber(actual.GetRawText(), expected.GetRawText()) || SameWhole(actual, expected),
            JsonValueKind.String => string.Equals(Text(actual), Text(expected), StringComparison.Ordinal),
            JsonValueKind.Array => SameItems(actual, expected),
            JsonValueKind.Object => SameMembers(actual, expected),
            _ => true,
        };
    }

    // 3.0 is the integer 3 as a value, though not as a text.
    private static bool SameWhole(JsonElement actual, JsonElement expected) =>
        expected.TryGetInt64(out var whole) && Abs(whole) < 1L << 53 && actual.TryGetDouble(out var number) && number == whole;

    private static bool SameItems(JsonElement actual, JsonElement expected)
    {
        if (actual.GetArrayLength() != expected.GetArrayLength()) return false;
        using var others = expected.EnumerateArray();
        foreach (var item in actual.EnumerateArray())
        {
            others.MoveNext();
            if (!Same(item, others.Current)) return false;
        }

        return true;
    }

    private static bool SameMembers(JsonElement actual, JsonElement expected)
    {
        if (actual.GetPropertyCount() != expected.GetPropertyCount()) return false;
        var others = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in expected.EnumerateObject()) others[member.Name] = member.Value;
        foreach (var member in actual.EnumerateObject())
        {
            if (!others.TryGetValue(member.Name, out var other) || !Same(member.Value, other)) return false;
        }

        return true;
    }

    // A lone surrogate is legal JSON, but no string that this platform gives out.
    private static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return value.GetRawText();
        }
    }
}
