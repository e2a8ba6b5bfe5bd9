using System.Text.Json;
using CsCheck;
using Fleet.Rewards;

namespace Fleet.Unit.Tests.Rewards.Choice;

public sealed class ChoiceRewardTests
{
    private static readonly string[] Dresses = ["#", "(#)", @"\text{#}", " # ", "Option #", "#.", "#: text", "Answer: #"];

    [Theory]
    [InlineData(@"\boxed{A}", "A", 1, 1, 1)]
    [InlineData(@"\boxed{\text{B}}", "B", 1, 1, 1)]
    [InlineData("The answer is C", "C", 1, 0.5, -1)]
    [InlineData("I think A", "I", 1, 0.5, -1)]
    [InlineData(@"\boxed{a}", "A", -1, -0.5, -1)]
    [InlineData(@"\boxed{A} or \boxed{B}", "A", -1, -0.5, -1)]
    [InlineData("Answer Is\nD", "D", 1, 0.5, -1)]
    [InlineData(@"\boxed{}", "A", -1, -1, -1)]
    [InlineData("", "A", -1, -1, -1)]
    public void Roll_parity_repeats_the_table_of_the_reference(string response, string gold, double loose, double soft, double strict)
    {
        Assert.Equal(loose, CrossThink(response, gold, "loose", Parity.Roll).Reward);
        Assert.Equal(soft, CrossThink(response, gold, "soft", Parity.Roll).Reward);
        Assert.Equal(strict, CrossThink(response, gold, "strict", Parity.Roll).Reward);
    }

    [Theory]
    [InlineData(@"\boxed{a}", "A", 1)]
    [InlineData("I think A", "I", -1)]
    [InlineData(@"\boxed{Option C}", "C: carbon", 1)]
    [InlineData(@"\boxed{Carbon}", "C", -0.5)]
    public void Fixed_parity_reads_options_and_not_capitals(string response, string gold, double soft) =>
        Assert.Equal(soft, CrossThink(response, gold, "soft", Parity.Fixed).Reward);

    [Theory]
    [InlineData(99, -0.5)]
    [InlineData(100, -0.5)]
    [InlineData(250, -0.25)]
    [InlineData(400, 0)]
    [InlineData(401, 0)]
    public void Short_answers_pay_the_length_term(int tokens, double term) =>
        Assert.Equal(1 + 2 * term, CrossThink(@"\boxed{A}", "A", "soft", Parity.Fixed, tokens, coefficient: 2).Reward!.Value, 12);

    [Fact]
    public void Without_a_token_count_the_length_term_is_left_out_and_said_so()
    {
        var score = CrossThink(@"\boxed{A}", "A", "soft", Parity.Fixed, tokens: null, coefficient: 2);

        Assert.Equal(1, score.Reward);
        Assert.Contains("response_tokens", score.Detail!["left_out"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Null(score.Detail!["components"]!["length"]);
    }

    [Fact]
    public void Repetition_counts_the_thinking_too() =>
        Assert.Equal(1 - 0.5 / 7, CrossThink("<think> a b c a b c </think> \\boxed{A}", "A", "soft", Parity.Roll).Reward!.Value, 12);

    [Fact]
    public void Unknown_reward_type_is_the_rows_fault() =>
        Assert.Equal("unknown_reward_type", CrossThink("A", "A", "hard", Parity.Fixed).Reason.Code);

    [Theory]
    [InlineData("multiple_choice_boxed", @"\boxed{C}", "C", 1, "correct")]
    [InlineData("multiple_choice_boxed", @"\boxed{D}", "C", 0, "wrong_option")]
    [InlineData("multiple_choice_boxed", "The answer is C", "C", 0, "not_boxed")]
    [InlineData("multiple_choice_boxed", @"\boxed{42}", "C", 0, "no_answer")]
    [InlineData("multiple_choice_boxed", @"<think>\boxed{C}</think>", "C", 0, "not_boxed")]
    [InlineData("multiple_choice_boxed", @"\boxed{A}", "(A)", 0, "gold_not_an_option")]
    [InlineData("general_val_rule", "The answer is C", "C", 1, "correct")]
    [InlineData("general_val_rule", @"\boxed{\text{Paris}}", "Paris", 1, "correct")]
    [InlineData("general_val_rule", @"\boxed{Pisa}", "Paris", 0, "wrong_text")]
    [InlineData("general_val_rule", "Who knows?", "", 0, "no_answer")]
    public void Scores_with_a_reason(string rule, string response, string gold, double score, string reason)
    {
        var verdict = Score(rule, response, gold, Parity.Fixed);

        Assert.Equal(score, verdict.Score);
        Assert.Equal(score, verdict.Reward);
        Assert.Equal(reason, verdict.Reason.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void An_answer_without_gold_is_invalid(string? gold) =>
        Assert.Equal("no_ground_truth", Score("general_val_rule", "The answer is C", gold, Parity.Fixed).Reason.Code);

    [Fact]
    public void Explanation_names_the_box_the_text_and_the_comparison()
    {
        var explanation = new Explanation();
        var rule = RewardCatalog.Create("general_val_rule", RewardSettings.Default)!;
        rule.Score(new Rollout { Response = "Hence the answer is (c).", GroundTruth = "C" }, new ScoringContext { Explanation = explanation });

        Assert.Equal(["boxed", "extracted", "letter", "compared"], explanation.Steps.Select(step => step.Step));
        Assert.Contains("answer is (c)", explanation.Steps[1].What, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_boxed_letter_is_read_in_any_dress() =>
        Gen.Select(Gen.Char['A', 'Z'], Gen.Int[0, Dresses.Length - 1], Gen.Bool)
            .Sample((letter, dress, lower) =>
            {
                var shown = lower ? char.ToLowerInvariant(letter) : letter;
                var response = @"\boxed{" + Dresses[dress].Replace("#", shown.ToString(), StringComparison.Ordinal) + "}";
                return Score("multiple_choice_boxed", response, letter.ToString(), Parity.Fixed).Score == 1;
            });

    private static RewardScore CrossThink(string response, string gold, string type, Parity parity, int? tokens = 500, double coefficient = 0)
    {
        var columns = new Dictionary<string, JsonElement>
        {
            ["reward_type"] = JsonSerializer.SerializeToElement(type),
            ["response_length_penalty_coef"] = JsonSerializer.SerializeToElement(coefficient),
        };
        return RewardCatalog.Create("crossthinkqa", new RewardSettings(parity))!
            .Score(new Rollout { Response = response, GroundTruth = gold, ResponseTokens = tokens, Columns = columns }, new ScoringContext());
    }

    private static RewardScore Score(string rule, string response, string? gold, Parity parity) =>
        RewardCatalog.Create(rule, new RewardSettings(parity))!.Score(new Rollout { Response = response, GroundTruth = gold }, new ScoringContext());
}
