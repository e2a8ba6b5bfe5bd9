using System.Globalization;
using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Names;
using Fleet.Contracts.Ranks;
using Fleet.Rewards;

namespace Fleet.Worker.Runs;

/// <summary>One domain's block of a run's configuration, as the dispatcher sent it.</summary>
public sealed class RunConfig
{
    private static readonly TimeSpan DefaultRowTimeout = TimeSpan.FromSeconds(120);

    private readonly IReadOnlyDictionary<string, JsonElement> _values;

    private RunConfig(IReadOnlyDictionary<string, JsonElement> values)
    {
        _values = values;
        Settings = new RewardSettings(Text("parity") == "roll" ? Parity.Roll : Parity.Fixed, values);
    }

    /// <summary>A configuration without any key.</summary>
    public static RunConfig Empty { get; } = new(new Dictionary<string, JsonElement>());

    /// <summary>The settings as the pure rewards read them.</summary>
    public RewardSettings Settings { get; }

    /// <summary>The worker class: its name without module path; null for the domain's own.</summary>
    public string? WorkerClass => Text("worker_cls") is { } path ? WorkerClasses.ShortName(path) : null;

    /// <summary>The folder of the tokenizer that made the rows' token ids, <c>tokenizer_path</c>; null when the model's own did, or none.</summary>
    public string? TokenizerPath => Text("tokenizer_path");

    /// <summary>The folder of the model and its tokenizer, <c>model_args.model_name_or_path</c>; null when there is none.</summary>
    public string? ModelPath =>
        Value("model_args") is { ValueKind: JsonValueKind.Object } model && model.TryGetProperty("model_name_or_path", out var path) && path.ValueKind == JsonValueKind.String
            ? path.GetString()
            : null;

    /// <summary>How many ranks make one model.</summary>
    public GroupShape Group { get; private init; } = GroupShape.Single;

    /// <summary>How long one row may be scored, <c>row_timeout_s</c>.</summary>
    /// <value>Seconds, above 0; the default is 120.</value>
    public TimeSpan RowTimeout => Number("row_timeout_s") is { } seconds and > 0 and < 86_400 ? TimeSpan.FromSeconds(seconds) : DefaultRowTimeout;

    /// <summary>All keys of the block.</summary>
    public IReadOnlyDictionary<string, JsonElement> Values => _values;

    /// <summary>Reads the JSON of a block.</summary>
    /// <exception cref="FleetException">It is no JSON object.</exception>
    public static RunConfig Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return new RunConfig(document.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.Clone(), StringComparer.Ordinal)) { Group = GroupShape.Of(document.RootElement) };
            }
        }
        catch (JsonException)
        {
            // Said below, for both.
        }

        throw new FleetException($"The configuration of the run is no JSON object: '{(json.Length > 80 ? json[..80] : json)}'.");
    }

    /// <summary>The setting of this name, or null when it is absent or null.</summary>
    public JsonElement? Value(string name) => Settings is null
        ? _values.TryGetValue(name, out var value) ? value : null
        : Settings.Value(name);

    /// <summary>A text setting, or null.</summary>
    public string? Text(string name) => Value(name) is { } value ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText() : null;

    /// <summary>A number setting, or null.</summary>
    public double? Number(string name) =>
        Value(name) is { } value && double.TryParse(value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
