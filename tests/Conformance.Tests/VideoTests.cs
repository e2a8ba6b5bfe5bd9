using Fleet.Rewards;

namespace Fleet.Conformance.Tests;

public sealed class VideoTests
{
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData(Parity.Fixed, 958)]
    [InlineData(Parity.Roll, 858)]
    public void Accuracy_and_format_are_reached(Parity parity, int cases)
    {
        var rule = RewardCatalog.Create("video_r1", new RewardSettings(parity))!;
        var differing = new List<string>();
        var total = 0;
        foreach (var one in LabelledCases.Read("video_r1/cases.jsonl"))
        {
            var reference = one.GetProperty("reference");
            var corrected = parity == Parity.Fixed && one.TryGetProperty("correct", out var correct) && correct.TryGetProperty("acc_reward", out var value) ? value.GetDouble() : (double?)null;
            if (corrected is null && !reference.TryGetProperty("acc_reward", out _)) continue;

            total++;
            var accuracy = corrected ?? reference.GetProperty("acc_reward").GetDouble();
            var score = rule.Score(
                new Rollout
                {
                    Response = one.GetProperty("response").GetString()!,
                    GroundTruth = one.GetProperty("ground_truth").GetString(),
                    Columns = new Dictionary<string, System.Text.Json.JsonElement> { ["question_type"] = one.GetProperty("question_type") },
                },
                new ScoringContext());
            var detail = score.Detail!;
            var format = reference.TryGetProperty("fmt_reward", out var known) ? known.GetDouble() : detail["fmt_reward"]!.GetValue<double>();
            var near = Near(detail["acc_reward"]!.GetValue<double>(), accuracy) && Near(detail["fmt_reward"]!.GetValue<double>(), format) && Near(score.Reward!.Value, accuracy + format);
            if (!near) differing.Add($"{one.GetProperty("id")} want {accuracy} {format} got {detail.ToJsonString()}");
        }

        Assert.Empty(differing);
        Assert.Equal(cases, total);
    }

    private static bool Near(double found, double expected) => Math.Abs(found - expected) <= Tolerance;
}
