using Fleet.Contracts;
using Fleet.Rewards;
using Fleet.Worker.Runs;
using Fleet.Worker.Scoring;

namespace Fleet.Unit.Tests.Worker.Scoring;

public sealed class RuleComponentsTests
{
    private static readonly Rollout Row = new() { Response = "because \\boxed{A}", GroundTruth = "A" };

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"rewards": ["overlong", "score", "multiple_choice_boxed"]}""")]
    public void Names_that_are_no_further_rules_are_left_to_others(string config) =>
        Assert.True(RuleComponents.Of(RunConfig.Parse(config), "multiple_choice_boxed").IsEmpty);

    [Fact]
    public void Each_rule_scores_with_its_own_settings_and_the_domains()
    {
        var components = RuleComponents.Of(RunConfig.Parse("""{"pattern": "^never$", "rewards": [{"name": "format", "pattern": "because"}, "multiple_choice_boxed"]}"""), null);
        Assert.Equal("""{"format":1,"multiple_choice_boxed":1}""", components.Score(Row).ToJsonString());
    }

    [Fact]
    public void A_rule_that_cannot_score_the_row_is_null() =>
        Assert.Equal("""{"length":null}""", RuleComponents.Of(RunConfig.Parse("""{"rewards": ["length"]}"""), null).Score(Row).ToJsonString());

    [Fact]
    public void Settings_that_cannot_be_used_name_the_component() =>
        Assert.Contains("'format'", Assert.Throws<FleetException>(() => RuleComponents.Of(RunConfig.Parse("""{"rewards": [{"name": "format", "pattern": "(a)\\1"}]}"""), null)).Message, StringComparison.Ordinal);
}
