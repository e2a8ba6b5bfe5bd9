using System.Text.Json;

namespace Fleet.Contracts.Ranks;

/// <summary>How many ranks make one model: the group that gets each shard together.</summary>
/// <param name="TpSize">Tensor-parallel size, at least 1.</param>
/// <param name="PpSize">Pipeline-parallel size, at least 1.</param>
public readonly record struct GroupShape(int TpSize, int PpSize)
{
    /// <summary>One rank, one model.</summary>
    public static GroupShape Single { get; } = new(1, 1);

    /// <summary>Ranks in a group.</summary>
    public int Size => TpSize * PpSize;

    /// <summary>What a domain's block of the configuration says: <c>tp_size</c> and <c>pp_size</c>, else <c>tensor_model_parallel_size</c> and <c>pipeline_model_parallel_size</c> of its <c>strategy_args.strategy_config</c>.</summary>
    /// <remarks>An engine that is parallel inside one worker (<c>tensor_parallel_size</c> of vLLM) is one rank here, as in the reference.</remarks>
    public static GroupShape Of(JsonElement config)
    {
        var strategy = Member(Member(config, "strategy_args"), "strategy_config");
        return new GroupShape(
            Read(config, "tp_size") ?? Read(strategy, "tensor_model_parallel_size") ?? 1,
            Read(config, "pp_size") ?? Read(strategy, "pipeline_model_parallel_size") ?? 1);
    }

    private static int? Read(JsonElement? json, string name) =>
        Member(json, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var size) && size > 0 ? size : null;

    private static JsonElement? Member(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } map && map.TryGetProperty(name, out var value) ? value : null;
}
