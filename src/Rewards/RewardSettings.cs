using System.Globalization;
using System.Text.Json;

namespace Fleet.Rewards;

/// <summary>The settings of one domain, as written in the configuration, for the rules that serve it.</summary>
/// <remarks>A row may override a setting of its domain with a column of the same name; <see cref="Text(Rollout, string)"/> and its kin look there first.</remarks>
public sealed class RewardSettings
{
    private readonly IReadOnlyDictionary<string, JsonElement> _values;

    /// <summary>Settings from a parity and the domain's own keys.</summary>
    public RewardSettings(Parity parity = Parity.Fixed, IReadOnlyDictionary<string, JsonElement>? values = null)
    {
        Parity = parity;
        _values = values ?? new Dictionary<string, JsonElement>();
    }

    /// <summary>Settings without any key and the parity <see cref="Parity.Fixed"/>.</summary>
    public static RewardSettings Default { get; } = new();

    /// <summary>Which reading of the rules is used.</summary>
    public Parity Parity { get; }

    /// <summary>The setting of this name, or null when it is absent or null.</summary>
    public JsonElement? Value(string name) =>
        _values.TryGetValue(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;

    /// <summary>A text setting, or null.</summary>
    public string? Text(string name) => Value(name) is { } value ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText() : null;

    /// <summary>A number setting, or null.</summary>
    public double? Number(string name) => Value(name) switch
    {
        { ValueKind: JsonValueKind.Number } value => value.GetDouble(),
        { ValueKind: JsonValueKind.String } value
            when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    /// <summary>A yes-or-no setting, or null.</summary>
    public bool? Flag(string name) => Value(name)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>The row's column of this name, else the domain's setting, else null.</summary>
    public string? Text(Rollout rollout, string name) => rollout.Text(name) ?? Text(name);

    /// <summary>The number in the row's column of this name, else in the domain's setting, else null.</summary>
    public double? Number(Rollout rollout, string name) => rollout.Number(name) ?? Number(name);
}
