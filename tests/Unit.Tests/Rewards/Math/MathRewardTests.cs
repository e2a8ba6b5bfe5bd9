using System.Text.Json;
using Fleet.Rewards;
using Fleet.Rewards.Math;

namespace Fleet.Unit.Tests.Rewards.Math;

public sealed class MathRewardTests
{
    private static RewardScore Score(string response, string? gold, RewardSettings? settings = null, string prompt = "") =>
        new MathReward(settings ?? RewardSettings.Default).Score(new Rollout { Response = response, GroundTruth = gold, Prompt = prompt }, new ScoringContext());

    private static RewardSettings With(params (string Name, object Value)[] values) =>
        new(Parity.Fixed, values.ToDictionary(v => v.Name, v => JsonSerializer.SerializeToElement(v.Value)));

    [Theory]
    [InlineData("We get \\boxed{8}.", "8", 1)]
    [InlineData("\\boxed{7}, no: \\boxed{8}", "8", 1)]
    [InlineData("\\boxed{8}, no: \\boxed{7}", "8", 0)]
    [InlineData("\\boxed\\{8\\} it is", "8", 1)]
    [InlineData("\\boxed{\\{1,2\\}}", "\\{1,2\\}", 1)]
    [InlineData("One paragraph, no think tag: \\boxed{\\frac12}", "0.5", 1)]
    [InlineData("<think>\\boxed{8}</think>It is \\boxed{9}.", "8", 0)]
    [InlineData("<think>so \\boxed{8}</think>", "8", 1)]
    [InlineData("\\boxed{}", "8", 0)]
    [InlineData("Maybe \\boxed{7}, \\boxed{8}", "8", 0)]
    [InlineData("The final answer is 8. I hope it is correct.", "8", 1)]
    [InlineData("The answer is $\\frac{8}{2}$ metres.", "4", 1)]
    [InlineData("work 12\n#### 8", "8", 1)]
    [InlineData("12+3 = <<12+3=15>>15 novels.\nA: 15", "15", 1)]
    [InlineData("FINAL ANSWER:\n<answer>\n19\n</answer>", "19", 1)]
    [InlineData("所以答案是 $\\frac12$。", "0.5", 1)]
    [InlineData("Therefore the answer is (E).", "E", 1)]
    [InlineData("Sixteen people, that is 16 people think horse #12 wins.", "16", 1)]
    [InlineData("I cannot say.", "8", 0)]
    public void A_response_gets_one_or_zero(string response, string gold, double score) => Assert.Equal(score, Score(response, gold).Score);

    [Fact]
    public void A_row_without_gold_answer_is_invalid()
    {
        Assert.Equal("no_ground_truth", Score("\\boxed{8}", null).Reason.Code);
        Assert.False(Score("\\boxed{8}", "  ").IsScored);
    }

    [Fact]
    public void Only_a_box_counts_where_one_is_required()
    {
        Assert.Equal(0, Score("The answer is 8.", "8", With(("box_required", true))).Score);
        Assert.Equal(1, Score("The answer is \\boxed{8}.", "8", With(("box_required", true))).Score);
    }

    [Fact]
    public void Boxes_side_by_side_are_a_list_where_that_is_set() =>
        Assert.Equal(1, Score("\\boxed{2}, \\boxed{5}", "2,5", With(("multiple_boxes", "all"))).Score);

    [Fact]
    public void A_per_cent_sign_may_be_left_out_where_that_is_set()
    {
        Assert.Equal(0, Score("\\boxed{20\\%}", "20").Score);
        Assert.Equal(1, Score("\\boxed{20\\%}", "20", With(("percent_is_number", true))).Score);
    }

    [Fact]
    public void The_detail_tells_what_was_compared()
    {
        var detail = Score("We get \\boxed{\\frac{1}{2}}.", "0.5").Detail!;

        Assert.Equal("\\frac{1}{2}", (string?)detail["extracted"]);
        Assert.Equal("box", (string?)detail["extracted_by"]);
        Assert.Equal("1/2", (string?)detail["gold_form"]);
        Assert.Equal("1/2", (string?)detail["pred_form"]);
    }

    [Fact]
    public void Components_are_weighted_into_the_reward_and_leave_the_score()
    {
        var score = Score("three " + new string('x', 120) + " \\boxed{8}", "8", With(("long_block_weight", 0.5), ("format_weight", 0.25)));

        Assert.Equal(1, score.Score);
        Assert.Equal(1 - 0.5 - 0.25, score.Reward);
    }

    [Fact]
    public void Steps_are_checked_link_by_link()
    {
        var score = Score("$3+4=7$, then <<7*2=14>> and $14-1=12$. \\boxed{12}", "13", With(("steps_weight", 1.0)));

        Assert.Equal(0, score.Score);
        Assert.Equal(2.0 / 3, score.Reward!.Value, 12);
        Assert.False((bool)score.Detail!["steps"]!.AsArray()[^1]!["holds"]!);
    }

    [Fact]
    public void An_explanation_names_each_step()
    {
        var context = new ScoringContext { Explanation = new Explanation() };
        new MathReward(RewardSettings.Default).Score(new Rollout { Response = "<think>x</think>\\boxed{8}", GroundTruth = "8" }, context);

        Assert.Equal(["think", "box", "parsed", "verdict"], context.Explanation.Steps.Select(s => s.Step));
    }

    [Theory]
    [InlineData("<think>a</think> \\boxed{3}", "", 1)]
    [InlineData("<think>a</think> \\boxed{3}", "Q <think>\n", 0)]
    [InlineData("a</think> \\boxed{3}", "Q <think>\n", 1)]
    [InlineData("a</think>b</think>\\boxed{3}", "", 0)]
    [InlineData("para1\n\npara2 \\boxed{3}", "", 1)]
    [InlineData("The answer is \\boxed{3}.", "", 0)]
    [InlineData("hi <think>a</think>\\boxed{3}", "", 0)]
    [InlineData("\n\n\\boxed\\{5\\} and \\boxed{3}", "", 0)]
    public void Under_parity_the_quirks_of_the_reference_hold(string response, string prompt, double score) =>
        Assert.Equal(score, Score(response, "3", new RewardSettings(Parity.Roll), prompt).Score);

    [Theory]
    [InlineData("<think>x</think>y<answer>z</answer>", 0)]
    [InlineData("<think>x</think>", -1)]
    [InlineData("<think>a</think><answer>b</answer>\nmore", 0)]
    [InlineData(" <think>a</think><answer>b</answer>\nmore", -1)]
    public void The_format_is_that_of_the_reference(string response, double penalty) =>
        Assert.Equal(penalty, Score(response, "8", With(("format_weight", 1.0))).Reward);
}
