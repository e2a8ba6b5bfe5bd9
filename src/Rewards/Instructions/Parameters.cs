using System.Text.Json;

namespace Fleet.Rewards.Instructions;

/// <summary>The parameters of one instruction, read from its JSON object.</summary>
/// <remarks>The first parameter that is missing or of the wrong kind becomes <see cref="Fault"/>; the value given back is then meaningless.</remarks>
internal sealed class Parameters(JsonElement? values)
{
    /// <summary>What is wrong with a parameter that was asked for; null when nothing is.</summary>
    public Reason? Fault { get; private set; }

    /// <summary>A number, whole or not.</summary>
    public double Number(string name)
    {
        if (Value(name) is not { } value) return 0;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)) return number;
        Refuse(name, "a number", value);
        return 0;
    }

    /// <summary>A text.</summary>
    public string Text(string name)
    {
        if (Value(name) is not { } value) return "";
        if (value.ValueKind == JsonValueKind.String && TryString(value) is { } text) return text;
        Refuse(name, "a text", value);
        return "";
    }

    /// <summary>A relation of the official instructions.</summary>
    public string Relation(string name)
    {
        var relation = Text(name);
        Require(Matching.Quantity.IsRelation(relation), name, "less than or at least");
        return relation;
    }

    /// <summary>A list of texts; a text alone is a list of one.</summary>
    public string[] Texts(string name)
    {
        if (Value(name) is not { } value) return [];
        if (value.ValueKind == JsonValueKind.String) return [Text(name)];
        if (value.ValueKind == JsonValueKind.Array)
        {
            var texts = value.EnumerateArray()
                .Select(item => item.ValueKind == JsonValueKind.String ? TryString(item) : null)
                .ToArray();
            if (!texts.Contains(null)) return texts!;
        }

        Refuse(name, "a list of texts", value);
        return [];
    }

    /// <summary>Makes a fault of a key that must not be there.</summary>
    public void Forbid(string name)
    {
        if (values is { } all && all.TryGetProperty(name, out _)) Fault ??= new Reason("bad_parameter", $"Parameter {name} is one too many.");
    }

    /// <summary>Makes a fault of a value that is of the right kind but unusable.</summary>
    public void Require(bool holds, string name, string expected)
    {
        if (!holds) Fault ??= new Reason("bad_parameter", $"Parameter {name} must be {expected}.");
    }

    private JsonElement? Value(string name)
    {
        if (values is { } all && all.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null) return value;
        Fault ??= new Reason("missing_parameter", $"Parameter {name} is missing.");
        return null;
    }

    private void Refuse(string name, string expected, JsonElement value)
    {
        var found = value.GetRawText();
        if (found.Length > 80) found = found[..80] + "...";
        Fault ??= new Reason("bad_parameter", $"Parameter {name} must be {expected}, not {found}.");
    }

    // A JSON text may hold half a surrogate pair, which is no text here.
    private static string? TryString(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
