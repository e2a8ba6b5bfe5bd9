using Fleet.Rewards;
using Fleet.Rewards.Instructions;

namespace Fleet.Conformance.Tests;

/// <summary>Real responses of several domains: the rows that follow instructions.</summary>
public sealed class InstructionsRolloutTests
{
    // The labels of single instructions are the official checker's, which asks for other things than ROLL's functions do: a fence around
    // JSON, another case of the end phrase, English capitals. One row names an instruction that is none of the 25.
    [Theory]
    [InlineData(Parity.Fixed, 0.98)]
    [InlineData(Parity.Roll, 1)]
    public void Scores_equal_the_labels(Parity parity, double share)
    {
        var reward = new InstructionsReward(new RewardSettings(parity));
        var tally = new Tally();
        foreach (var row in LabelledCases.Read("../rollouts/mixed-dev.jsonl"))
        {
            if (row.GetProperty("domain").GetString() is not ("ifeval" or "ifeval_all")) continue;
            if (!row.TryGetProperty(parity == Parity.Fixed ? "label" : "roll_score", out var label)) continue;
            var result = reward.Score(
                new Rollout { Response = row.GetProperty("response").GetString()!, GroundTruth = row.GetProperty("ground_truth").GetString() },
                new ScoringContext());
            tally.Count(
                result.Score >= 0.5 == label.GetDouble() >= 0.5,
                $"{row.GetProperty("id")} label {label} got {result.Score} {result.Reason} {row.GetProperty("ground_truth")}");
        }

        tally.AssertShare(share);
    }
}
