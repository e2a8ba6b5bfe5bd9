using System.Globalization;
using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Ranks;
using Fleet.Worker.Runs;
using Fleet.Worker.Strategies;

namespace Fleet.Worker.Models.Strategies;

/// <summary>Makes a local model of <c>strategy_args</c>, whatever engine they name: <c>hf_infer</c>, <c>vllm</c> and <c>sglang</c> of a ROLL configuration all become this one.</summary>
public sealed class LocalStrategyFactory : IStrategyFactory
{
    /// <inheritdoc/>
    public IModelStrategy? Create(RunConfig config, RankInfo rank)
    {
        // Judges behind an API have their models elsewhere, and a rule has none.
        if (config.Value("strategy_args") is not { ValueKind: JsonValueKind.Object } args || config.Value("judge_api_url") is not null || config.Value("judges") is not null) return null;
        if (config.Group != GroupShape.Single) throw new FleetException($"A local model has one device, and the configuration makes it of {config.Group.TpSize} x {config.Group.PpSize} ranks; leave tp_size and pp_size out, or bring a strategy that is parallel.");
        var path = config.ModelPath ?? throw new FleetException("strategy_args ask for a model, and model_args.model_name_or_path names none.");
        return new LocalModelStrategy(path, new LocalModelOptions
        {
            Device = Text(Member(args, "strategy_config"), "device") ?? Device(config.Value("device_mapping"), rank.Rank),
            Type = Text(config.Value("model_args"), "dtype") is { } type && type != "auto" ? type : null,
            BatchSize = config.Number("infer_batch_size") is { } size and >= 1 and <= 4096 ? (int)size : 16,
        });
    }

    private static JsonElement? Member(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } map && map.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement? json, string name) => Member(json, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    // The reference maps ranks to devices with a list, or with list(range(from, to)) as a Python expression; nothing else is understood, and nothing is evaluated.
    internal static string Device(JsonElement? mapping, int rank)
    {
        if (mapping is not { } given || given.ValueKind == JsonValueKind.Null) return "cpu";
        var text = given.GetRawText();
        var numbers = text.Split([.. text.Where(c => !char.IsAsciiDigit(c)).Distinct()], StringSplitOptions.RemoveEmptyEntries).Select(number => int.TryParse(number, CultureInfo.InvariantCulture, out var device) ? device : 0).ToList();
        if (numbers.Count == 0) return "cpu";
        if (!text.Contains("range(", StringComparison.Ordinal)) return $"cuda:{numbers[rank % numbers.Count]}";
        var (from, to) = numbers.Count == 1 ? (0, numbers[0]) : (numbers[0], numbers[1]);
        return $"cuda:{from + (rank % Math.Max(1, to - from))}";
    }
}
