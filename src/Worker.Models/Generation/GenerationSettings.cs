using System.Text.Json;
using Fleet.Contracts;
using Fleet.Worker.Judging;

namespace Fleet.Worker.Models.Generation;

/// <summary>Settings as a request that has no prompt yet.</summary>
internal static class GenerationSettings
{
    private static readonly GenerationRequest Usual = new([]);

    /// <summary>The request of <c>generating_args</c>.</summary>
    /// <param name="args">What they say.</param>
    /// <param name="temperature">The temperature where they say none.</param>
    public static GenerationRequest Of(GeneratingArgs args, double temperature = 0) => Usual with
    {
        MaxNewTokens = args.MaxNewTokens ?? Usual.MaxNewTokens,
        Temperature = args.Temperature ?? temperature,
        TopP = args.TopP ?? Usual.TopP,

        // The engines' -1 is no limit either.
        TopK = Math.Max(0, args.TopK ?? 0),
    };

    /// <summary>The request of a batch's meta entry <c>generation_config</c>: the keys of <c>generating_args</c>, <c>seed</c> and <c>stop</c>.</summary>
    /// <exception cref="FleetException">A value is of another kind, or out of its range.</exception>
    public static GenerationRequest Of(JsonElement? config) => Of(GeneratingArgs.Of(config)) with
    {
        Seed = Value(config, "seed") switch
        {
            null => 0,
            { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var seed) => seed,
            { } other => throw Wrong("seed", other, "a whole number"),
        },
        Stop = Value(config, "stop") switch
        {
            null => [],
            { ValueKind: JsonValueKind.String } text => [text.GetString()!],
            { ValueKind: JsonValueKind.Array } texts => [.. texts.EnumerateArray().Select(text => text.ToString())],
            { } other => throw Wrong("stop", other, "a text or a list of texts"),
        },
    };

    private static JsonElement? Value(JsonElement? config, string name) =>
        config is { ValueKind: JsonValueKind.Object } map && map.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static FleetException Wrong(string name, JsonElement value, string expected) => new($"generation_config.{name} is {value.GetRawText()}; expected is {expected}.");
}
