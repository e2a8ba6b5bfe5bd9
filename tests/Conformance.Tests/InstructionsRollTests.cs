using System.Text.Json;
using Fleet.Rewards;
using Fleet.Rewards.Instructions;
using Fleet.Rewards.Text;

namespace Fleet.Conformance.Tests;

/// <summary>ROLL's 25 functions against their labelled verdicts, under both readings.</summary>
public sealed class InstructionsRollTests
{
    // The labels of the huge cases are the reference's alone, so they say nothing of the fixed readings.
    private static string[] Files(Parity parity) =>
        ["gpt4_translated", "boundary", "edge", "roll_ground_truth", .. parity == Parity.Roll ? ["huge"] : Array.Empty<string>()];

    [Theory]
    [InlineData(Parity.Fixed)]
    [InlineData(Parity.Roll)]
    public void Every_verdict_equals_the_label(Parity parity)
    {
        var reward = new InstructionsReward(new RewardSettings(parity));
        var tally = new Tally();
        foreach (var file in Files(parity))
        {
            foreach (var row in LabelledCases.Read($"roll_ifeval/{file}.jsonl"))
            {
                if (row.TryGetProperty("stable", out var stable) && stable.ValueKind == JsonValueKind.False) continue;
                var want = (parity == Parity.Fixed && row.TryGetProperty("correct_verdict", out var correct)
                    ? correct
                    : row.GetProperty("reference_verdict")).GetBoolean();
                var rollout = RolloutOf(row);

                // The labels are a function's verdicts on a text; where the worker would hand it another text they do not apply.
                if (AnswerPart.AfterThinking(AnswerPart.WithoutSpecialTokens(rollout.Response)) != rollout.Response) continue;
                var result = reward.Score(rollout, new ScoringContext());

                // Where the reference raised, a row without a verdict is as good as 0.
                var got = result.IsScored ? result.Score >= 0.5 : row.TryGetProperty("reference_exception", out _) ? false : (bool?)null;
                tally.Count(got == want, $"{row.GetProperty("id")} want {want} got {got} {result.Reason}");
            }
        }

        tally.AssertShare(1);
    }

    [Fact]
    public void Huge_responses_take_at_most_100_ms()
    {
        var reward = new InstructionsReward(RewardSettings.Default);
        var rows = LabelledCases.Read("roll_ifeval/huge.jsonl").Select(row => (Id: row.GetProperty("id").GetString(), Rollout: RolloutOf(row))).ToList();
        foreach (var (_, rollout) in rows) reward.Score(rollout, new ScoringContext());

        foreach (var (id, rollout) in rows)
        {
            // The fastest of three: compiling and loading count once.
            var best = Enumerable.Range(0, 3).Min(_ => ThreadTime.Milliseconds(() => reward.Score(rollout, new ScoringContext())));
            Assert.True(best <= 100, $"{id} took {best:F1} ms");
        }
    }

    private static Rollout RolloutOf(JsonElement row) => new()
    {
        Response = row.TryGetProperty("response", out var response)
            ? response.GetString()!
            : string.Concat(Enumerable.Repeat(row.GetProperty("response_unit").GetString(), row.GetProperty("response_count").GetInt32())),
        GroundTruth = row.GetProperty("ground_truth").GetString(),
        Tag = "ifeval",
    };
}
