using System.Text.Json;
using Fleet.Rewards;

namespace Fleet.Conformance.Tests;

public sealed class DetectionTests
{
    private const double Tolerance = 1e-6;

    private static readonly string[] Columns =
    [
        "det_reward_ratio", "iou_threshold", "step", "total_steps", "det_verifier_normalized", "image_grid_thw", "format_ratio", "accuracy_ratio",
    ];

    [Theory]
    [InlineData("synthesised", Parity.Fixed, 887)]
    [InlineData("synthesised", Parity.Roll, 887)]
    [InlineData("edge", Parity.Fixed, 92)]
    [InlineData("edge", Parity.Roll, 88)]
    public void Every_reported_score_is_reached(string file, Parity parity, int cases)
    {
        var rule = RewardCatalog.Create("cv_detection", new RewardSettings(parity))!;
        var differing = new List<string>();
        var total = 0;
        foreach (var one in LabelledCases.Read($"detection/{file}.jsonl"))
        {
            var expected = Expected(one, parity);
            if (!expected.ContainsKey("final_reward")) continue;

            total++;
            var score = rule.Score(Rollout(one), new ScoringContext());
            foreach (var (name, value) in expected)
            {
                var found = name == "final_reward" ? score.Reward : score.Detail![name]?.GetValue<double>();
                if (found is not { } number || Math.Abs(number - value) > Tolerance) differing.Add($"{one.GetProperty("id")} {name} want {value} got {found}");
            }
        }

        Assert.Empty(differing);
        Assert.Equal(cases, total);
    }

    private static Dictionary<string, double> Expected(JsonElement one, Parity parity)
    {
        var expected = new Dictionary<string, double>();
        foreach (var member in one.GetProperty("reference").EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Number)) expected[member.Name] = member.Value.GetDouble();
        if (parity == Parity.Roll || !one.TryGetProperty("correct", out var correct)) return expected;
        foreach (var member in correct.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Number)) expected[member.Name] = member.Value.GetDouble();
        return expected;
    }

    private static Rollout Rollout(JsonElement one) => new()
    {
        Response = one.GetProperty("response").GetString()!,
        GroundTruth = one.GetProperty("ground_truth").GetString(),
        Columns = Columns.ToDictionary(name => name, one.GetProperty),
    };
}
