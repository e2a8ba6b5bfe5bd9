using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Dispatcher.Shaped;
using Fleet.Shaping;
using Fleet.Shaping.Components;
using Fleet.Shaping.Normalisation;

namespace Fleet.Unit.Tests.Dispatcher.Shaped;

public sealed class ShapingConfigTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"truncated": "zero", "reward_type": "soft"}""")]
    public void A_block_that_asks_for_nothing_has_no_shaping(string config) => Assert.Null(Read(config));

    [Fact]
    public void Components_are_names_or_names_with_weights_and_settings()
    {
        var settings = Read("""{"rewards": ["math_rule", {"name": "overlong", "weight": 0.5, "max_tokens": 100, "buffer": 10}]}""")!.Value.Settings;

        Assert.Equal([new WeightedComponent("math_rule"), new WeightedComponent("overlong", 0.5)], settings.Rewards);
        Assert.Equal(new OverlongPenalty { MaxTokens = 100, Buffer = 10 }, settings.Overlong);
    }

    [Fact]
    public void Everything_of_shaping_is_read()
    {
        var (settings, window) = Read("""
            {"shaping": {"skip_unscored_components": true, "correct_at": 0.5, "max_response_tokens": 4096,
             "normalisation": {"mean": "group", "std": "batch", "epsilon": 0.01, "clip": 5},
             "filters": {"mean_above": 0.1, "mean_below": 0.9, "std_above": 0, "difficulty_low": 0.2, "difficulty_high": 0.8, "drop_full_window": true, "wrong_below_tokens": 7}}}
            """)!.Value;

        Assert.Equal((true, 0.5, 4096), (settings.SkipUnscoredComponents, settings.CorrectAt, window));
        Assert.Equal(new NormalisationSettings { Mean = NormaliseOver.Group, Deviation = NormaliseOver.Batch, Epsilon = 0.01, Clip = 5 }, settings.Normalisation);
        Assert.Equal((0.1, 0.9, 0.0, 0.2, 0.8, true, 7), (
            settings.Filters.MeanAbove, settings.Filters.MeanBelow, settings.Filters.DeviationAbove,
            settings.Filters.DifficultyLow, settings.Filters.DifficultyHigh, settings.Filters.DropFullWindow, settings.Filters.WrongBelowTokens));
    }

    [Theory]
    [InlineData("""{"type": "no_filter", "filter_args": {}}""", null, null, null)]
    [InlineData("""{"type": "mean_filter", "filter_args": {"threshold_up": 0.9, "threshold_down": 0.1}}""", 0.1, 0.9, null)]
    [InlineData("""{"type": "mean_filter"}""", -1.0, null, null)]
    [InlineData("""{"type": "std_filter", "filter_args": {"std_threshold": 0}}""", null, null, 0.0)]
    [InlineData("""{"type": "std_filter"}""", null, null, null)]
    public void The_references_filters_keep_their_meaning_and_defaults(string filter, double? above, double? below, double? deviation)
    {
        var filters = Read($$"""{"query_filter_config": {{filter}}}""")!.Value.Settings.Filters;
        Assert.Equal((above, below, deviation), (filters.MeanAbove, filters.MeanBelow, filters.DeviationAbove));
    }

    [Theory]
    [InlineData("""{"rewards": [{"weight": 1}]}""", "has no name")]
    [InlineData("""{"rewards": ["a", "a"]}""", "named 2 times")]
    [InlineData("""{"rewards": [{"name": "a", "weight": "much"}]}""", "a number is expected")]
    [InlineData("""{"shaping": {"normalize": {}}}""", "'shaping.normalize' is no known key")]
    [InlineData("""{"shaping": {"normalisation": {"mean": "all"}}}""", "none of none, batch, group, running")]
    [InlineData("""{"shaping": {"filters": {"mean_above": 1, "mean_below": 0}}}""", "keeps no group")]
    [InlineData("""{"query_filter_config": {"type": "median_filter"}}""", "'median_filter' is none of")]
    public void What_cannot_be_right_is_refused_with_a_sentence(string config, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<FleetException>(() => Read(config)).Message, StringComparison.Ordinal);

    private static (ShapingSettings Settings, int? Window)? Read(string config) => ShapingConfig.Read(JsonNode.Parse(config)!.AsObject());
}
