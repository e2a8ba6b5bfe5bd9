using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Rewards;
using Fleet.Rewards.Instructions;

namespace Fleet.Conformance.Tests;

/// <summary>The official instruction types against the official checker's verdicts, strict and loose.</summary>
public sealed class InstructionsOfficialTests
{
    [Theory]
    [InlineData(Parity.Fixed)]
    [InlineData(Parity.Roll)]
    public void Verdicts_of_at_least_99_7_percent_of_the_prompts_equal_the_labels(Parity parity)
    {
        var reward = new InstructionsReward(new RewardSettings(parity));
        var tally = new Tally();
        foreach (var file in (string[])["gpt4_541", "crossed_mutated", "edge"])
        {
            foreach (var row in LabelledCases.Read($"ifeval/{file}.jsonl"))
            {
                if (!IsSettled(row)) continue;
                var result = reward.Score(RolloutOf(row), new ScoringContext());
                var wrong = (string[])["strict", "loose"];
                var differs = wrong.Where(kind => !Verdicts(result, kind).SequenceEqual(Labels(row, kind, parity))).ToArray();
                tally.Count(
                    result.IsScored && differs.Length == 0,
                    $"{row.GetProperty("id")} {string.Join(',', differs)} {result.Detail?["instructions"]?.ToJsonString()} {result.Reason}");
            }
        }

        tally.AssertShare(0.997);
    }

    [Fact]
    public void Accuracies_of_the_published_responses_are_those_of_the_official_checker()
    {
        var reward = new InstructionsReward(new RewardSettings(Parity.Roll));
        var verdicts = LabelledCases.Read("ifeval/gpt4_541.jsonl")
            .Select(row => reward.Score(RolloutOf(row), new ScoringContext()))
            .Select(result => (Strict: Verdicts(result, "strict").ToArray(), Loose: Verdicts(result, "loose").ToArray()))
            .ToList();

        Assert.Equal(328, verdicts.Count);
        Assert.Equal(72.56, Percent(verdicts.Select(v => v.Strict.All(holds => holds))));
        Assert.Equal(80.31, Percent(verdicts.SelectMany(v => v.Strict)));
        Assert.Equal(75.30, Percent(verdicts.Select(v => v.Loose.All(holds => holds))));
        Assert.Equal(82.26, Percent(verdicts.SelectMany(v => v.Loose)));
    }

    private static double Percent(IEnumerable<bool> verdicts) => Math.Round(100 * verdicts.Average(holds => holds ? 1.0 : 0), 2);

    private static IEnumerable<bool> Verdicts(RewardScore result, string kind) =>
        (result.Detail?["instructions"] as JsonArray ?? []).Select(verdict => verdict![kind]!.GetValue<bool>());

    private static IEnumerable<bool> Labels(JsonElement row, string kind, Parity parity) =>
        (parity == Parity.Fixed && row.TryGetProperty($"correct_{kind}", out var correct) ? correct : row.GetProperty($"reference_{kind}"))
            .EnumerateArray()
            .Select(verdict => verdict.GetBoolean());

    // Rows on which the reference raised or gives another verdict from run to run have no label to hold to.
    private static bool IsSettled(JsonElement row) =>
        !row.TryGetProperty("reference_nondeterministic", out _)
        && !(row.TryGetProperty("stable", out var stable) && stable.EnumerateArray().Any(s => s.ValueKind == JsonValueKind.False))
        && row.GetProperty("reference_strict").EnumerateArray()
            .Concat(row.GetProperty("reference_loose").EnumerateArray())
            .All(verdict => verdict.ValueKind != JsonValueKind.String);

    private static Rollout RolloutOf(JsonElement row) => new()
    {
        Prompt = row.TryGetProperty("prompt", out var prompt) ? prompt.GetString() ?? "" : "",
        Response = row.GetProperty("response").GetString()!,
        GroundTruth = $"{{\"instruction_id_list\":{row.GetProperty("instruction_id_list").GetRawText()},\"kwargs\":{row.GetProperty("kwargs").GetRawText()}}}",
    };
}
