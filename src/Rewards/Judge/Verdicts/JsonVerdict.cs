using System.Text.Json;

namespace Fleet.Rewards.Judge.Verdicts;

/// <summary>Reads answers that are one JSON object and nothing else.</summary>
internal static class JsonVerdict
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private static readonly string[] VerdictNames = ["verdict", "answer", "judgement", "judgment", "decision", "result", "correct", "is_correct", "score", "rating", "label", "winner"];

    /// <summary>The object that the answer is, or null: no JSON, something beside it, or a name that occurs twice.</summary>
    public static JsonElement? Object(string text)
    {
        if (text.Length < 2 || text[0] != '{' || text[^1] != '}') return null;
        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The one property of the object that names the verdict, or null when there is none or more than one.</summary>
    public static JsonElement? Value(string text)
    {
        if (Object(text) is not { ValueKind: JsonValueKind.Object } answer) return null;
        JsonElement? found = null;
        foreach (var property in answer.EnumerateObject())
        {
            if (!VerdictNames.Contains(Name(property), StringComparer.OrdinalIgnoreCase)) continue;
            if (found is not null) return null;
            found = property.Value;
        }

        return found;
    }

    /// <summary>A JSON string as text; null for another kind, or for a string that is no text.</summary>
    public static string? Text(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The name of a property; empty when it is no text.</summary>
    public static string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }
}
