using System.Text.Json;
using Fleet.Rewards;

namespace Fleet.Conformance.Tests;

public sealed class ChoiceTests
{
    private const double Tolerance = 2e-3;

    private static readonly string[] FirstCapitals = ["edge-16", "edge-17"];

    [Theory]
    [InlineData("multiple_choice", "multiple_choice_boxed")]
    [InlineData("general_val", "general_val_rule")]
    public void Letters_and_boxes_are_read_as_labelled(string area, string reward)
    {
        var rule = RewardCatalog.Create(reward, RewardSettings.Default)!;
        var boxed = area == "multiple_choice";
        var differing = new List<string>();
        foreach (var one in LabelledCases.Read($"{area}/cases.jsonl"))
        {
            var reference = one.GetProperty("reference");
            var expected = IsRight(reference) && (!boxed || Flag(reference, "format_flag")) ? 1 : 0;
            var score = rule.Score(Rollout(one), new ScoringContext());
            if (score.IsScored ? score.Score != expected || score.Reward != expected : !Raised(reference))
                differing.Add($"{one.GetProperty("id")} want {expected} got {score.Score} {score.Reason.Code} {score.Detail?.ToJsonString()}");
        }

        // Where no one judged the letter, the label is the reference's verdict: it reads "A careful reading ..." as option A and
        // "I would say B." as option I. Nothing else may differ.
        Assert.Equal(boxed ? [] : FirstCapitals, differing.Select(line => line.Split(' ')[0]));
    }

    [Theory]
    [InlineData("multiple_choice", "multiple_choice_boxed")]
    [InlineData("general_val", "general_val_rule")]
    public void Roll_parity_gives_the_reference_scores(string area, string reward)
    {
        var rule = RewardCatalog.Create(reward, new RewardSettings(Parity.Roll))!;
        var differing = new List<string>();
        foreach (var one in LabelledCases.Read($"{area}/cases.jsonl"))
        {
            var reference = one.GetProperty("reference");
            var score = rule.Score(Rollout(one), new ScoringContext());
            if (score.IsScored
                ? score.Score != (Raised(reference) ? 0 : reference.GetProperty("score").GetDouble()) || !Raised(reference) && score.Reward != reference.GetProperty("response_level_reward").GetDouble()
                : !Raised(reference)) differing.Add(one.GetProperty("id").ToString());
        }

        Assert.Empty(differing);
    }

    [Fact]
    public void Crossthinkqa_strict_needs_a_box_and_the_right_letter()
    {
        var rule = RewardCatalog.Create("crossthinkqa", RewardSettings.Default)!;
        var differing = new List<string>();
        foreach (var one in LabelledCases.Read("crossthinkqa/cases.jsonl"))
        {
            var reference = one.GetProperty("reference");
            var expected = IsRight(reference) && Flag(reference, "format_flag") ? 1 : 0;
            var score = rule.Score(Rollout(one, "strict"), new ScoringContext());
            if (score.IsScored ? score.Score != expected : !Raised(reference)) differing.Add(one.GetProperty("id") + " " + score.Detail?.ToJsonString());
        }

        Assert.Empty(differing);
    }

    [Theory]
    [InlineData("loose")]
    [InlineData("soft")]
    [InlineData("strict")]
    public void Crossthinkqa_roll_parity_gives_the_reference_rewards(string type)
    {
        var rule = RewardCatalog.Create("crossthinkqa", new RewardSettings(Parity.Roll))!;
        var differing = new List<string>();
        foreach (var one in LabelledCases.Read("crossthinkqa/cases.jsonl"))
        {
            var reference = one.GetProperty("reference");
            var score = rule.Score(Rollout(one, type), new ScoringContext());
            if (Raised(reference)) continue;
            var expected = reference.GetProperty(type);
            if (!score.IsScored || !Near(score.Score, expected.GetProperty("score")) || !Near(score.Reward, expected.GetProperty("response_level_reward")))
                differing.Add($"{one.GetProperty("id")} want {expected} got {score.Score} {score.Reward} {score.Detail?.ToJsonString()}");
        }

        Assert.Empty(differing);
    }

    [Theory]
    [InlineData("general_val_rule", 323, 323)]
    [InlineData("multiple_choice_boxed", 152, 152)]
    [InlineData("crossthinkqa", 182, 183)]
    public void Published_verdicts_of_real_rollouts_are_reached(string domain, int atLeast, int rows)
    {
        var rule = RewardCatalog.Create(domain, RewardSettings.Default)!;
        var (right, total) = (0, 0);
        foreach (var one in LabelledCases.Read("../rollouts/mixed-dev.jsonl").Where(one => one.GetProperty("domain").GetString() == domain))
        {
            var boxless = domain == "multiple_choice_boxed" && !one.GetProperty("response").GetString()!.Contains(@"\boxed{", StringComparison.Ordinal);
            var label = boxless ? 0 : one.GetProperty("label").GetDouble();
            if (rule.Score(Rollout(one), new ScoringContext()).Score == label) right++;
            total++;
        }

        Assert.Equal(rows, total);
        Assert.InRange(right, atLeast, rows);
    }

    private static Rollout Rollout(JsonElement one, string? type = null)
    {
        var columns = new Dictionary<string, JsonElement>();
        if (type is not null) columns["reward_type"] = JsonSerializer.SerializeToElement(type);
        if (one.TryGetProperty("length_penalty_coef", out var coefficient)) columns["response_length_penalty_coef"] = coefficient;
        return new Rollout
        {
            Response = one.GetProperty("response").GetString()!,
            GroundTruth = one.GetProperty("ground_truth").GetString(),
            Tag = one.TryGetProperty("tag", out var tag) ? tag.GetString() : null,
            ResponseTokens = one.TryGetProperty("response_tokens", out var tokens) && tokens.ValueKind == JsonValueKind.Number ? tokens.GetInt32() : null,
            Columns = columns,
        };
    }

    private static bool IsRight(JsonElement reference) =>
        reference.TryGetProperty("correct_answer_flag", out var right) ? right.GetBoolean() : Flag(reference, "correct_flag");

    private static bool Flag(JsonElement reference, string name) => reference.TryGetProperty(name, out var flag) && flag.GetBoolean();

    private static bool Raised(JsonElement reference) => reference.TryGetProperty("exception", out _);

    private static bool Near(double? value, JsonElement expected) => value is { } found && Math.Abs(found - expected.GetDouble()) <= Tolerance;
}
