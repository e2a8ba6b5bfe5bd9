using System.Text;
using System.Text.Json;

namespace Fleet.Rewards.Text;

/// <summary>What a chat message says.</summary>
public static class MessageText
{
    /// <summary>The text of a message's <c>content</c>: a text, or a list of parts one below the other, of which only the texts can be read; any other part leaves its kind in brackets.</summary>
    public static string Of(JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String) return StringOf(content);
        if (content.ValueKind != JsonValueKind.Array) return content.ValueKind == JsonValueKind.Null ? "" : content.GetRawText();
        var text = new StringBuilder();
        foreach (var part in content.EnumerateArray())
        {
            if (text.Length > 0) text.Append('\n');
            if (part.ValueKind == JsonValueKind.String) text.Append(StringOf(part));
            else if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var value) && value.ValueKind == JsonValueKind.String) text.Append(StringOf(value));
            else if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String) text.Append('[').Append(StringOf(type)).Append(']');
        }

        return text.ToString();
    }

    // A string with half a surrogate pair escaped in it cannot be read as text.
    private static string StringOf(JsonElement value)
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
