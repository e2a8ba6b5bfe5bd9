using System.Text.Json;
using Fleet.Rewards;
using Fleet.Rewards.Instructions;

namespace Fleet.Unit.Tests.Rewards.Instructions;

public sealed class InstructionsRewardTests
{
    private const string NoCommas = """{"func_name": "validate_no_commas", "N": null}""";
    private const string Lowercase = """{"func_name": "validate_lowercase"}""";

    [Theory]
    [InlineData(null, "no_ground_truth")]
    [InlineData("", "no_ground_truth")]
    [InlineData("[]", "no_ground_truth")]
    [InlineData("{", "bad_ground_truth")]
    [InlineData("3", "bad_ground_truth")]
    [InlineData("\"validate_lowercase\"", "bad_ground_truth")]
    [InlineData("{\"N\": 1}", "bad_ground_truth")]
    [InlineData("{\"func_name\": 3}", "unknown_instruction")]
    [InlineData("{\"func_name\": \"validate_rhyme\"}", "unknown_instruction")]
    [InlineData("{\"func_name\": \"\\ud800\"}", "bad_ground_truth")]
    [InlineData("{\"func_name\": \"verify_bullet_points\"}", "missing_parameter")]
    [InlineData("{\"func_name\": \"verify_bullet_points\", \"N\": \"two\"}", "bad_parameter")]
    [InlineData("{\"func_name\": \"verify_letter_frequency\", \"letter\": \"ab\", \"N\": 1}", "bad_parameter")]
    [InlineData("{\"func_name\": \"validate_sections\", \"section_splitter\": \"\", \"N\": 1}", "bad_parameter")]
    [InlineData("{\"instruction_id_list\": []}", "bad_ground_truth")]
    [InlineData("{\"instruction_id_list\": [\"a:b\"], \"kwargs\": [{}]}", "unknown_instruction")]
    [InlineData("{\"instruction_id_list\": [\"keywords:existence\"], \"kwargs\": null}", "missing_parameter")]
    [InlineData("{\"instruction_id_list\": [\"language:response_language\"], \"kwargs\": [{\"language\": \"xx\"}]}", "bad_parameter")]
    [InlineData("{\"instruction_id_list\": [\"keywords:frequency\"], \"kwargs\": [{\"keyword\": \"a\", \"frequency\": 1, \"relation\": \"exactly\"}]}", "bad_parameter")]
    public void A_bad_ground_truth_is_one_row_without_a_verdict(string? groundTruth, string code)
    {
        var result = Score("hello", groundTruth);
        Assert.False(result.IsScored);
        Assert.Equal(code, result.Reason.Code);
    }

    [Fact]
    public void Under_roll_an_unusable_parameter_is_an_instruction_that_does_not_hold()
    {
        var result = Score("hello", """{"func_name": "verify_bullet_points"}""", Parity.Roll);
        Assert.Equal(0, result.Score);
        Assert.Equal(0, Score("hello", """{"func_name": "validate_lowercase", "text": "x"}""", Parity.Roll).Score);
    }

    [Fact]
    public void What_the_model_thought_and_special_tokens_are_not_judged()
    {
        Assert.Equal(1, Score("<think>A, B</think>\n\nhello<|im_end|><pad>", NoCommas).Score);
        Assert.Equal(1, Score("<think>A, B</think>\n\nhello<|im_end|>", """{"instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}]}""").Score);
    }

    [Fact]
    public void All_of_a_list_must_hold_for_the_score_and_the_share_may_be_the_reward()
    {
        var list = $"[{NoCommas}, {Lowercase}, {{\"instruction_id_list\": [\"startend:quotation\"], \"kwargs\": [{{}}]}}]";
        Assert.Equal((0.0, 0.0), Figures(Score("Hello there", list)));
        Assert.Equal((0.0, System.Math.Round(1 / 3.0, 9)), Figures(Score("Hello there", list, settings: ("instruction_reward", "\"fraction\""))));
        Assert.Equal((1.0, 1.0), Figures(Score("\"hello there\"", list)));
    }

    [Fact]
    public void The_loose_verdict_may_be_the_score()
    {
        const string GroundTruth = """{"instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}]}""";
        Assert.Equal(0, Score("Well, sure\nyes", GroundTruth).Score);
        Assert.Equal(1, Score("Well, sure\nyes", GroundTruth, settings: ("verdict", "\"loose\"")).Score);
    }

    [Fact]
    public void Repetition_takes_from_the_reward_and_not_from_the_score()
    {
        const string Text = "go on go on go on";
        var result = Score(Text, Lowercase, Parity.Roll);
        Assert.Equal((1.0, 0.75), Figures(result));
        Assert.Equal(-0.25, (double)result.Detail!["components"]!["repetition"]!);
        Assert.Equal((1.0, 0.0), Figures(Score(Text, Lowercase, settings: ("repetition_max_penalty", "-2"))));
        Assert.Equal((1.0, 1.0), Figures(Score(Text, Lowercase, settings: ("repetition_max_penalty", "0"))));
        Assert.Equal((1.0, 1.0), Figures(Score(Text, Lowercase, settings: ("repetition_ngram", "6"))));
    }

    [Fact]
    public void A_blank_response_follows_nothing()
    {
        var result = Score(" \n", NoCommas);
        Assert.Equal(0, result.Score);
        Assert.Equal("blank_response", result.Reason.Code);
        Assert.Equal(1, Score(" \n", NoCommas, Parity.Roll).Score);
    }

    [Fact]
    public void A_response_that_is_too_long_to_judge_scores_0()
    {
        var rollout = new Rollout { Response = new string('a', 1000), GroundTruth = NoCommas };
        var result = new InstructionsReward(RewardSettings.Default).Score(rollout, new ScoringContext { Budget = new WorkBudget(10) });
        Assert.Equal((0, "over_budget"), (result.Score, result.Reason.Code));
    }

    [Fact]
    public void An_explanation_names_the_rule_and_where_it_looked()
    {
        var context = new ScoringContext { Explanation = new Explanation() };
        new InstructionsReward(RewardSettings.Default).Score(new Rollout { Response = "One, two", GroundTruth = NoCommas }, context);
        var steps = context.Explanation.Steps;
        Assert.Contains(steps, step => step is { Step: "instruction", What: "validate_no_commas" });
        Assert.Contains(steps, step => step.Step == "comma" && step.What.Contains("at character 3", StringComparison.Ordinal));
        Assert.Contains(steps, step => step is { Step: "verdict", What: "False" });
    }

    private static (double, double) Figures(RewardScore result) => (result.Score!.Value, System.Math.Round(result.Reward!.Value, 9));

    private static RewardScore Score(string response, string? groundTruth, Parity parity = Parity.Fixed, (string Name, string Json)? settings = null)
    {
        var values = new Dictionary<string, JsonElement>();
        if (settings is { } setting) values[setting.Name] = JsonDocument.Parse(setting.Json).RootElement;
        return new InstructionsReward(new RewardSettings(parity, values))
            .Score(new Rollout { Response = response, GroundTruth = groundTruth }, new ScoringContext());
    }
}
