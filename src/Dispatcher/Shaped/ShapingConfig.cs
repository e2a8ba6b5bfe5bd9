using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Shaping;
using Fleet.Shaping.Components;
using Fleet.Shaping.Filters;
using Fleet.Shaping.Normalisation;

namespace Fleet.Dispatcher.Shaped;

/// <summary>The shaping of a domain as its block of the configuration says it: <c>rewards</c>, <c>shaping</c>, <c>query_filter_config</c> and <c>truncated</c>.</summary>
public static class ShapingConfig
{
    private static readonly string[] Keys = ["skip_unscored_components", "correct_at", "max_response_tokens", "normalisation", "filters"];
    private static readonly string[] NormalisationKeys = ["mean", "std", "epsilon", "clip"];
    private static readonly string[] FilterKeys = ["mean_above", "mean_below", "std_above", "difficulty_low", "difficulty_high", "drop_full_window", "wrong_below_tokens"];

    /// <summary>Reads a domain's block.</summary>
    /// <returns>The settings, and the tokens that a response may have at most; null when the block asks for no shaping.</returns>
    /// <exception cref="FleetException">The settings cannot be right: all faults, a sentence each.</exception>
    public static (ShapingSettings Settings, int? Window)? Read(JsonObject config)
    {
        var shaping = config["shaping"] as JsonObject ?? [];
        var (entries, filter) = (config["rewards"] as JsonArray ?? [], config["query_filter_config"] as JsonObject);
        var masksTruncated = Text(config, "truncated") == "mask";
        if (entries.Count == 0 && shaping.Count == 0 && filter is null && !masksTruncated) return null;

        var faults = new List<string>();
        Unknown(shaping, Keys, "shaping", faults);
        var components = entries.Select(entry => entry as JsonObject ?? new JsonObject { ["name"] = entry?.DeepClone() }).ToList();
        JsonObject Of(string name) => components.Find(entry => Text(entry, "name") == name) ?? [];
        var settings = new ShapingSettings
        {
            Rewards = [.. components.Select(entry => new WeightedComponent(Text(entry, "name") ?? "", Number(entry, "weight", faults) ?? 1))],
            SkipUnscoredComponents = Flag(shaping, "skip_unscored_components"),
            CorrectAt = Number(shaping, "correct_at", faults) ?? 1,
            Overlong = Overlong(Of(ComponentNames.Overlong), faults),
            Cosine = Cosine(Of(ComponentNames.CosineLength), faults),
            ShortLength = ShortLength(Of(ComponentNames.ShortLength), faults),
            Repetition = Repetition(Of(ComponentNames.TokenRepetition), faults),
            Normalisation = Normalisation(shaping["normalisation"] as JsonObject ?? [], faults),
            Filters = QueryFilter(Filters(shaping["filters"] as JsonObject ?? [], faults), filter, faults) with { DropTruncated = masksTruncated },
        };
        faults.AddRange(components.Where(entry => string.IsNullOrEmpty(Text(entry, "name"))).Select(_ => "rewards: an entry has no name; write a name, or {name: ..., weight: ...}."));
        faults.AddRange(settings.Faults());
        if (faults.Count > 0) throw new FleetException(string.Join(' ', faults));
        return (settings, (int?)Number(shaping, "max_response_tokens", faults));
    }

    private static OverlongPenalty Overlong(JsonObject entry, List<string> faults)
    {
        var defaults = new OverlongPenalty();
        return new OverlongPenalty
        {
            MaxTokens = Whole(entry, "max_tokens", faults) ?? defaults.MaxTokens,
            Buffer = Whole(entry, "buffer", faults) ?? defaults.Buffer,
            Factor = Number(entry, "factor", faults) ?? defaults.Factor,
        };
    }

    private static CosineLength Cosine(JsonObject entry, List<string> faults)
    {
        var defaults = new CosineLength();
        return new CosineLength
        {
            MaxTokens = Whole(entry, "max_tokens", faults) ?? defaults.MaxTokens,
            ShortRight = Number(entry, "short_right", faults) ?? defaults.ShortRight,
            LongRight = Number(entry, "long_right", faults) ?? defaults.LongRight,
            ShortWrong = Number(entry, "short_wrong", faults) ?? defaults.ShortWrong,
            LongWrong = Number(entry, "long_wrong", faults) ?? defaults.LongWrong,
            Exceeding = Number(entry, "exceeding", faults) ?? defaults.Exceeding,
        };
    }

    private static ShortLengthPenalty ShortLength(JsonObject entry, List<string> faults)
    {
        var defaults = new ShortLengthPenalty();
        return new ShortLengthPenalty
        {
            MinTokens = Whole(entry, "min_tokens", faults) ?? defaults.MinTokens,
            MaxTokens = Whole(entry, "max_tokens", faults) ?? defaults.MaxTokens,
            Penalty = Number(entry, "penalty", faults) ?? defaults.Penalty,
        };
    }

    private static TokenRepetition Repetition(JsonObject entry, List<string> faults)
    {
        var defaults = new TokenRepetition();
        return new TokenRepetition
        {
            NGram = Whole(entry, "ngram_size", faults) ?? defaults.NGram,
            MaxPenalty = Number(entry, "max_penalty", faults) ?? defaults.MaxPenalty,
        };
    }

    private static NormalisationSettings Normalisation(JsonObject map, List<string> faults)
    {
        Unknown(map, NormalisationKeys, "shaping.normalisation", faults);
        return new NormalisationSettings
        {
            Mean = Over(map, "mean", faults),
            Deviation = Over(map, "std", faults),
            Epsilon = Number(map, "epsilon", faults) ?? NormalisationSettings.Grpo.Epsilon,
            Clip = Number(map, "clip", faults),
        };
    }

    private static NormaliseOver Over(JsonObject map, string key, List<string> faults)
    {
        switch (Text(map, key))
        {
            case null or "none": return NormaliseOver.Nothing;
            case "batch": return NormaliseOver.Batch;
            case "group": return NormaliseOver.Group;
            case "running": return NormaliseOver.Running;
            case var other:
                faults.Add($"shaping.normalisation.{key}: '{other}' is none of none, batch, group, running.");
                return NormaliseOver.Nothing;
        }
    }

    private static FilterSettings Filters(JsonObject map, List<string> faults)
    {
        Unknown(map, FilterKeys, "shaping.filters", faults);
        return new FilterSettings
        {
            MeanAbove = Number(map, "mean_above", faults),
            MeanBelow = Number(map, "mean_below", faults),
            DeviationAbove = Number(map, "std_above", faults),
            DifficultyLow = Number(map, "difficulty_low", faults),
            DifficultyHigh = Number(map, "difficulty_high", faults),
            DropFullWindow = Flag(map, "drop_full_window"),
            WrongBelowTokens = Whole(map, "wrong_below_tokens", faults),
        };
    }

    // The reference's own form of the two filters on groups.
    private static FilterSettings QueryFilter(FilterSettings filters, JsonObject? config, List<string> faults)
    {
        if (config is null) return filters;
        var arguments = config["filter_args"] as JsonObject ?? [];
        switch (Text(config, "type"))
        {
            case null or "no_filter": return filters;
            case "mean_filter": return filters with { MeanAbove = Number(arguments, "threshold_down", faults) ?? -1, MeanBelow = Number(arguments, "threshold_up", faults) };
            case "std_filter": return filters with { DeviationAbove = Number(arguments, "std_threshold", faults) is >= 0 and var threshold ? threshold : null };
            case var other:
                faults.Add($"query_filter_config.type: '{other}' is none of no_filter, mean_filter, std_filter.");
                return filters;
        }
    }

    private static void Unknown(JsonObject map, string[] known, string where, List<string> faults) =>
        faults.AddRange(map.Where(entry => !known.Contains(entry.Key)).Select(entry => $"'{where}.{entry.Key}' is no known key; known are {string.Join(", ", known)}."));

    private static string? Text(JsonObject map, string key) => map[key] is JsonValue value ? value.ToString() : null;

    private static bool Flag(JsonObject map, string key) => map[key]?.GetValueKind() == JsonValueKind.True;

    private static int? Whole(JsonObject map, string key, List<string> faults) => Number(map, key, faults) is { } number ? (int)Math.Clamp(number, int.MinValue, int.MaxValue) : null;

    private static double? Number(JsonObject map, string key, List<string> faults)
    {
        if (map[key] is not { } value) return null;
        if (value.GetValueKind() == JsonValueKind.Number && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return number;
        faults.Add($"'{key}' holds {value.ToJsonString()}; a number is expected.");
        return null;
    }
}
