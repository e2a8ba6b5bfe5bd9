using System.Text.Json;
using Fleet.Rewards;
using Fleet.Rewards.Video;

namespace Fleet.Unit.Tests.Rewards.Video;

public sealed class VideoRewardTests
{
    [Theory]
    [InlineData("multiple choice", "A", "A.", 1)]
    [InlineData("multiple choice", "x", "B", 0)]
    [InlineData("numerical", "1,000", "1000", 0)]
    [InlineData("numerical", "3.14159", "3.14", 1)]
    [InlineData("numerical", "3", "3.0", 0)]
    [InlineData("numerical", "many", "3", 0)]
    [InlineData("OCR", "the cat", "the cat sat", 2.0 / 3)]
    [InlineData("regression", "90", "100", 0.9)]
    [InlineData("regression", "ninety", "100", 0)]
    [InlineData("regression", "nan", "100", 0)]
    [InlineData("free-form", "the cat sat", "the cat sat", 1)]
    [InlineData("free-form", "the cats sat", "the cat", (0.8 + 2.0 / 3 + 0.8) / 3)]
    [InlineData("poem", "a", "a", 0)]
    public void Accuracy_goes_by_the_kind_of_question(string type, string answer, string solution, double accuracy) =>
        Assert.Equal(accuracy, Score(type, answer, solution).Score!.Value, 8);

    [Theory]
    [InlineData(Parity.Fixed, 0)]
    [InlineData(Parity.Roll, 1)]
    public void Two_empty_choices_are_equal_in_the_reference_only(Parity parity, double score) =>
        Assert.Equal(score, Score("multiple choice", "<answer></answer>", "<answer></answer>", parity).Score);

    [Fact]
    public void Format_adds_a_point_to_the_reward_and_none_to_the_score()
    {
        var score = Score("numerical", "<think>one and two</think>\n<answer>3</answer>", "<answer>3</answer>");

        Assert.Equal(1, score.Score);
        Assert.Equal(2, score.Reward);
    }

    [Theory]
    [InlineData("<think>a</think><answer>b</answer>", true)]
    [InlineData("<think>a</think> \n<answer>b</answer>", true)]
    [InlineData("<think>a</think>x</think><answer>b</answer>", true)]
    [InlineData(" <think>a</think><answer>b</answer>", false)]
    [InlineData("<think>a</think>so<answer>b</answer>", false)]
    [InlineData("<think>a</think><answer>b</answer>.", false)]
    [InlineData("<think></think><answer></answer>", true)]
    [InlineData("<think></think><answer>", false)]
    public void Format_is_thinking_then_the_answer(string text, bool expected) => Assert.Equal(expected, VideoAnswer.HasFormat(text));

    [Fact]
    public void A_row_without_a_question_type_is_invalid() =>
        Assert.False(RewardCatalog.Create("video_r1", RewardSettings.Default)!.Score(new Rollout { Response = "a", GroundTruth = "a" }, new ScoringContext()).IsScored);

    [Fact]
    public void Texts_beyond_the_budget_score_nothing()
    {
        var text = string.Join(' ', Enumerable.Range(0, 3000));
        var score = Score("free-form", text, text, budget: 10_000);

        Assert.Equal(0, score.Score);
        Assert.Equal("over_budget", score.Reason.Code);
    }

    private static RewardScore Score(string type, string answer, string solution, Parity parity = Parity.Fixed, long budget = WorkBudget.DefaultUnits) =>
        RewardCatalog.Create("video_r1", new RewardSettings(parity))!.Score(
            new Rollout
            {
                Response = answer,
                GroundTruth = solution,
                Columns = new Dictionary<string, JsonElement> { ["question_type"] = JsonSerializer.SerializeToElement(type) },
            },
            new ScoringContext { Budget = new WorkBudget(budget) });
}
