using CsCheck;
using Fleet.Shaping;
using Fleet.Shaping.Components;
using Fleet.Shaping.Filters;
using Fleet.Shaping.Normalisation;

namespace Fleet.Unit.Tests.Shaping;

public sealed class ShapingPlanTests
{
    private static readonly Gen<List<ShapingRow>> Batches =
        Gen.Select(Gen.Int[-1, 8], Gen.Int[0, 3], Gen.Int[0, 1])
            .Select((reward, group, domain) => new ShapingRow { Domain = $"d{domain}", GroupId = $"g{group}", Reward = reward < 0 ? null : reward / 4.0, Score = reward < 0 ? null : reward >= 4 ? 1 : 0 })
            .List[0, 24];

    [Fact]
    public void The_default_changes_nothing()
    {
        var shaped = Shape(new ShapingSettings(), Row("a", 0.25), Row("a", null));

        Assert.Equal([0.25, null], shaped.Select(row => row.Composite));
        Assert.Equal([0.25, null], shaped.Select(row => row.AdvantageInput));
        Assert.Equal([true, false], shaped.Select(row => row.Keep));
        Assert.Equal("unscored", shaped[1].DroppedBy);
    }

    [Fact]
    public void A_composite_is_the_weighted_sum_and_names_its_parts()
    {
        var settings = new ShapingSettings
        {
            Rewards = [new("math_rule"), new("format", 0.5), new(ComponentNames.Overlong, 2)],
            Overlong = new OverlongPenalty { MaxTokens = 100, Buffer = 50 },
        };
        var row = Row("a", 1) with { Tokens = 75, Components = new Dictionary<string, double?> { ["math_rule"] = 1, ["format"] = 1 } };

        var shaped = Assert.Single(Shape(settings, row));

        Assert.Equal(1 + 0.5 - 1, shaped.Composite!.Value, 12);
        Assert.Equal(-0.5, shaped.Components[ComponentNames.Overlong]);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, 0.5)]
    public void An_unscored_component_leaves_the_row_without_reward_unless_skipped(bool skip, double? composite)
    {
        var settings = new ShapingSettings { Rewards = [new("math_rule"), new("format", 0.5)], SkipUnscoredComponents = skip };
        var row = Row("a", null) with { Components = new Dictionary<string, double?> { ["math_rule"] = null, ["format"] = 1 } };

        Assert.Equal(composite, Shape(settings, row)[0].Composite);
    }

    [Fact]
    public void A_length_term_alone_scores_no_row()
    {
        var settings = new ShapingSettings { Rewards = [new(ComponentNames.Reward), new(ComponentNames.Overlong)], SkipUnscoredComponents = true };

        Assert.Null(Shape(settings, Row("a", null) with { Tokens = 10 })[0].Composite);
    }

    [Fact]
    public void A_length_term_needs_a_length() =>
        Assert.Null(Shape(new ShapingSettings { Rewards = [new(ComponentNames.Reward), new(ComponentNames.ShortLength)] }, Row("a", 1))[0].Composite);

    [Fact]
    public void Grpo_normalises_each_group_by_its_own_mean_and_sample_deviation()
    {
        var shaped = Shape(new ShapingSettings { Normalisation = NormalisationSettings.Grpo }, Row("a", 1), Row("b", 3), Row("a", 0), Row("b", 5), Row("a", null), Row("c", 1));

        // Group a: mean 0.5, deviation sqrt(0.5). Group b: mean 4, deviation sqrt(2). Group c: one row, nothing to compare with.
        Assert.Equal(0.5 / (System.Math.Sqrt(0.5) + 1e-6), shaped[0].AdvantageInput!.Value, 12);
        Assert.Equal(-1 / (System.Math.Sqrt(2) + 1e-6), shaped[1].AdvantageInput!.Value, 12);
        Assert.Equal(-shaped[0].AdvantageInput, shaped[2].AdvantageInput);
        Assert.Null(shaped[4].AdvantageInput);
        Assert.Null(shaped[5].AdvantageInput);
    }

    [Fact]
    public void Group_deviation_goes_with_a_batch_mean()
    {
        var settings = new ShapingSettings { Normalisation = new() { Mean = NormaliseOver.Batch, Deviation = NormaliseOver.Group } };
        var shaped = Shape(settings, Row("a", 1), Row("a", 0), Row("b", 3), Row("b", 4));

        Assert.Equal((1 - 2) / (System.Math.Sqrt(0.5) + 1e-6), shaped[0].AdvantageInput!.Value, 12);
        Assert.Equal((4 - 2) / (System.Math.Sqrt(0.5) + 1e-6), shaped[3].AdvantageInput!.Value, 12);
    }

    [Fact]
    public void Running_moments_of_two_calls_are_those_of_one()
    {
        var plan = ShapingPlan.From(new ShapingSettings { Normalisation = new() { Mean = NormaliseOver.Running, Deviation = NormaliseOver.Running } });
        var first = plan.Shape([Row("a", 1), Row("a", 2)], ShapingState.Empty);
        var second = plan.Shape([Row("b", 4), Row("b", null)], first.State);

        Assert.Equal((4 - 7 / 3.0) / (System.Math.Sqrt(7 / 3.0) + 1e-6), second.Rows[0].AdvantageInput!.Value, 12);
        Assert.Equal(2, first.State.Running["math"].Count);
    }

    [Fact]
    public void Clipping_bounds_the_input_and_leaves_the_reward()
    {
        var plan = ShapingPlan.From(new ShapingSettings { Normalisation = new() { Clip = 2 } });
        var outcome = plan.Shape([Row("a", 5), Row("a", -5), Row("a", 1), Row("a", null)], ShapingState.Empty);

        Assert.Equal([2, -2, 1, null], outcome.Rows.Select(row => row.AdvantageInput));
        Assert.Equal([5, -5, 1, null], outcome.Rows.Select(row => row.Composite));
        Assert.Equal(2 / 3.0, outcome.Metrics["reward_clip_share"], 12);
    }

    [Fact]
    public void Query_filters_drop_groups_that_teach_nothing()
    {
        var settings = new ShapingSettings { Filters = new FilterSettings { MeanAbove = 0.1, MeanBelow = 0.9, DeviationAbove = 0 } };
        var shaped = Shape(settings, Row("all", 1), Row("all", 1), Row("none", 0), Row("none", 0), Row("same", 0.5), Row("same", 0.5), Row("mixed", 0), Row("mixed", 1), Row("alone", 1));

        Assert.Equal(["mean_filter", "mean_filter", "mean_filter", "mean_filter", "std_filter", "std_filter", null, null, null], shaped.Select(row => row.DroppedBy));
    }

    [Fact]
    public void Masks_look_at_difficulty_and_length()
    {
        var settings = new ShapingSettings { Filters = new FilterSettings { DifficultyLow = 0.2, DifficultyHigh = 0.8, DropFullWindow = true, WrongBelowTokens = 50 } };
        var shaped = Shape(
            settings, Row("easy", 1), Row("easy", 1), Row("fair", 1) with { Tokens = 100, Window = 100 }, Row("fair", 0) with { Tokens = 60 }, Row("fair", 0) with { Tokens = 40, Window = 100 }, Row("fair", 1));

        Assert.Equal(["difficulty_mask", "difficulty_mask", "max_len_mask", "error_max_len_clip", null, null], shaped.Select(row => row.DroppedBy));
    }

    [Fact]
    public void Group_components_compare_whole_groups() =>
        Assert.Equal([1.0, 0, null], Shape(new ShapingSettings { Rewards = [new(ComponentNames.BestOfN)] }, Row("a", 0.7), Row("a", 0.3), Row("b", 1)).Select(row => row.Composite));

    [Fact]
    public void Impossible_settings_are_named_all_at_once()
    {
        var wrong = new ShapingSettings { Rewards = [new("x"), new("x")], Overlong = new() { Buffer = 0 }, Normalisation = new() { Clip = 0 }, Filters = new() { MeanAbove = 1, MeanBelow = 0 } };

        var message = Assert.Throws<ArgumentException>(() => ShapingPlan.From(wrong)).Message;

        foreach (var part in (string[])["'x'", "overlong", "clip", "keeps no group"]) Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Group_normalised_inputs_have_mean_zero_and_one_per_scored_row() => Batches.Sample(rows =>
    {
        var shaped = Shape(new ShapingSettings { Normalisation = NormalisationSettings.Grpo }, [.. rows]);
        foreach (var group in rows.Select((row, i) => (row, i)).GroupBy(one => (one.row.Domain, one.row.GroupId)))
        {
            var scored = group.Where(one => one.row.Reward is not null).Select(one => shaped[one.i].AdvantageInput).ToList();
            if (scored.Count < 2) Assert.All(scored, Assert.Null);
            else Assert.Equal(0, scored.Average()!.Value, 9);
            Assert.All(group.Where(one => one.row.Reward is null), one => Assert.Null(shaped[one.i].AdvantageInput));
        }
    });

    [Fact]
    public void Unscored_rows_change_nothing_for_the_others() => Batches.Sample(rows =>
    {
        var settings = new ShapingSettings
        {
            Rewards = [new(ComponentNames.Reward), new(ComponentNames.Ranking, 0.5)],
            SkipUnscoredComponents = true,
            Normalisation = new() { Mean = NormaliseOver.Batch, Deviation = NormaliseOver.Running },
            Filters = new() { DeviationAbove = 0, DifficultyHigh = 0.9 },
        };
        var all = Shape(settings, [.. rows]);
        var scored = Shape(settings, [.. rows.Where(row => row.Reward is not null)]);

        Assert.Equal(scored.Select(Figures), all.Where((_, i) => rows[i].Reward is not null).Select(Figures));
    });

    [Fact]
    public void The_order_of_rows_does_not_matter() => Batches.Sample(rows =>
    {
        var settings = new ShapingSettings { Normalisation = new() { Mean = NormaliseOver.Group, Deviation = NormaliseOver.Group }, Filters = new() { DeviationAbove = 0 } };
        var forth = Shape(settings, [.. rows]).Select(row => (row.DroppedBy, Rounded(row.AdvantageInput)));
        var back = Shape(settings, [.. Enumerable.Reverse(rows)]).Select(row => (row.DroppedBy, Rounded(row.AdvantageInput)));

        Assert.Equal(forth, back.Reverse());
    });

    private static (double?, double?, string?) Figures(ShapedRow row) => (row.Composite, row.AdvantageInput, row.DroppedBy);

    private static double? Rounded(double? value) => value is { } known ? System.Math.Round(known, 9) + 0.0 : null;

    private static IReadOnlyList<ShapedRow> Shape(ShapingSettings settings, params ShapingRow[] rows) => ShapingPlan.From(settings).Shape(rows, ShapingState.Empty).Rows;

    private static ShapingRow Row(string group, double? reward) => new() { Domain = "math", GroupId = group, Reward = reward, Score = reward };
}
