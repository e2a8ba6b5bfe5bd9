using System.Globalization;
using System.Text.Json;

namespace Fleet.Worker.Models.Network;

/// <summary>What a model is for, as its <c>architectures</c> entry says.</summary>
public enum ModelTask
{
    /// <summary>Continues text.</summary>
    Causal,

    /// <summary>Scores a whole sequence.</summary>
    SequenceClassification,

    /// <summary>Gives every token a value.</summary>
    TokenValues,
}

/// <summary>Stretched rotary frequencies, for contexts longer than the original one.</summary>
/// <param name="Factor">By how much the context grew.</param>
/// <param name="LowFrequencyFactor">Below this many turns within the original context a frequency is divided by the factor; null when all are.</param>
/// <param name="HighFrequencyFactor">Above this many turns a frequency stays.</param>
/// <param name="OriginalPositions">The original context, in tokens.</param>
public sealed record RotaryScaling(double Factor, double? LowFrequencyFactor = null, double HighFrequencyFactor = 0, double OriginalPositions = 0);

/// <summary>A model's <c>config.json</c>: one block with the differences between Qwen2, Qwen3 and Llama in numbers.</summary>
public sealed record ModelConfig
{
    private static readonly string[] Types = ["qwen2", "qwen3", "llama"];

    /// <summary>What the model is for.</summary>
    public required ModelTask Task { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int Hidden { get; init; }

    /// <summary>Blocks.</summary>
    public required int Layers { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads; divides <see cref="Heads"/>.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of a head.</summary>
    public required int HeadWidth { get; init; }

    /// <summary>Size of the vocabulary with its padding.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Added to the mean square before the root.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>Base of the rotary frequencies.</summary>
    public required double RotaryBase { get; init; }

    /// <summary>Stretching of the rotary frequencies, or null.</summary>
    public RotaryScaling? RotaryScaling { get; init; }

    /// <summary>Whether the output head is the embedding.</summary>
    public bool TiedHead { get; init; }

    /// <summary>The longest context that the model was made for, in tokens.</summary>
    public int MaxPositions { get; init; } = 32_768;

    /// <summary>The ids that end a text.</summary>
    public IReadOnlyList<int> EndIds { get; init; } = [];

    /// <summary>How many labels a classifier has; 1 for a reward.</summary>
    public int Labels { get; init; } = 1;

    /// <summary>What the labels are called, as far as the file says.</summary>
    public IReadOnlyList<string> LabelNames { get; init; } = [];

    /// <summary>Reads <c>config.json</c> (and <c>generation_config.json</c>, which may name more ends) of a folder.</summary>
    /// <exception cref="ModelException">There is none, or it names an architecture that this block does not cover.</exception>
    public static ModelConfig Read(string folder)
    {
        var path = Path.Combine(folder, "config.json");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var config = From(json.RootElement, path);
            var generation = Path.Combine(folder, "generation_config.json");
            if (!File.Exists(generation)) return config;
            using var more = JsonDocument.Parse(File.ReadAllBytes(generation));
            return config with { EndIds = [.. config.EndIds.Union(Ids(more.RootElement, "eos_token_id"))] };
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new ModelException($"{path} cannot be read: {fault.Message}", fault);
        }
    }

    private static ModelConfig From(JsonElement json, string path)
    {
        var type = json.GetProperty("model_type").GetString()!;
        if (!Types.Contains(type, StringComparer.Ordinal)) throw new ModelException($"{path} has the model_type '{type}'; known are {string.Join(", ", Types)}. Serve other models with vLLM or SGLang and give judge_api_url.");
        if (Optional(json, "hidden_act") is { } act && act.GetString() != "silu") throw new ModelException($"{path} has the activation '{act.GetString()}'; this block has silu.");
        if (Flag(json, "use_sliding_window")) throw new ModelException($"{path} uses a sliding window, which this block does not have.");
        var heads = json.GetProperty("num_attention_heads").GetInt32();
        var hidden = json.GetProperty("hidden_size").GetInt32();
        var config = new ModelConfig
        {
            Task = TaskOf(json),
            Hidden = hidden,
            Layers = json.GetProperty("num_hidden_layers").GetInt32(),
            Heads = heads,
            KeyValueHeads = Whole(json, "num_key_value_heads") ?? heads,
            HeadWidth = Whole(json, "head_dim") ?? hidden / heads,
            Vocabulary = json.GetProperty("vocab_size").GetInt32(),
            NormEpsilon = json.GetProperty("rms_norm_eps").GetDouble(),
            RotaryBase = Base(json),
            RotaryScaling = Scaling(json, path),
            TiedHead = Flag(json, "tie_word_embeddings"),
            MaxPositions = Whole(json, "max_position_embeddings") ?? 32_768,
            EndIds = Ids(json, "eos_token_id"),
            Labels = Optional(json, "id2label") is { ValueKind: JsonValueKind.Object } labels ? labels.EnumerateObject().Count() : Whole(json, "num_labels") ?? (TaskOf(json) == ModelTask.Causal ? 1 : 2),
            LabelNames = Optional(json, "id2label") is { ValueKind: JsonValueKind.Object } named ? [.. named.EnumerateObject().Select(label => label.Value.ToString())] : [],
        };
        if (config.Heads <= 0 || config.KeyValueHeads <= 0 || config.Heads % config.KeyValueHeads != 0 || config.HeadWidth % 2 != 0 || config.Layers <= 0 || config.Vocabulary <= 0)
            throw new ModelException(string.Create(CultureInfo.InvariantCulture, $"{path} disagrees with itself: {config.Heads} heads over {config.KeyValueHeads} key and value heads of width {config.HeadWidth}, {config.Layers} layers, {config.Vocabulary} tokens."));
        return config;
    }

    private static ModelTask TaskOf(JsonElement json)
    {
        var name = Optional(json, "architectures") is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 ? list[0].GetString()! : "";
        return name switch
        {
            _ when name.EndsWith("ForSequenceClassification", StringComparison.Ordinal) => ModelTask.SequenceClassification,
            _ when name.EndsWith("ForTokenClassification", StringComparison.Ordinal) || name.EndsWith("WithValueHead", StringComparison.Ordinal) => ModelTask.TokenValues,
            _ => ModelTask.Causal,
        };
    }

    // Newer files put the base and the scaling together under rope_parameters.
    private static double Base(JsonElement json) =>
        Number(json, "rope_theta") ?? (Optional(json, "rope_parameters") is { ValueKind: JsonValueKind.Object } rope ? Number(rope, "rope_theta") : null) ?? 10_000;

    private static RotaryScaling? Scaling(JsonElement json, string path)
    {
        if ((Optional(json, "rope_scaling") ?? Optional(json, "rope_parameters")) is not { ValueKind: JsonValueKind.Object } rope) return null;
        var type = (Optional(rope, "rope_type") ?? Optional(rope, "type"))?.GetString();
        return type switch
        {
            null or "default" => null,
            "linear" => new RotaryScaling(rope.GetProperty("factor").GetDouble()),
            "llama3" => new RotaryScaling(rope.GetProperty("factor").GetDouble(), rope.GetProperty("low_freq_factor").GetDouble(), rope.GetProperty("high_freq_factor").GetDouble(), rope.GetProperty("original_max_position_embeddings").GetDouble()),
            _ => throw new ModelException($"{path} stretches its positions by '{type}'; known are linear and llama3. Serve it with vLLM or SGLang and give judge_api_url."),
        };
    }

    private static JsonElement? Optional(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static bool Flag(JsonElement json, string name) => Optional(json, name) is { ValueKind: JsonValueKind.True };

    private static int? Whole(JsonElement json, string name) => Optional(json, name)?.GetInt32();

    private static double? Number(JsonElement json, string name) => Optional(json, name)?.GetDouble();

    private static IReadOnlyList<int> Ids(JsonElement json, string name) => Optional(json, name) switch
    {
        { ValueKind: JsonValueKind.Number } id => [id.GetInt32()],
        { ValueKind: JsonValueKind.Array } ids => [.. ids.EnumerateArray().Select(id => id.GetInt32())],
        _ => [],
    };
}
