using System.Text.Json;
using Fleet.Rewards;
using Fleet.Rewards.Instructions;
using Fleet.Rewards.Instructions.Languages;
using Fleet.Rewards.Instructions.Sentences;
using Fleet.Rewards.Text;

namespace Fleet.Conformance.Tests;

/// <summary>What instructions measure of a text, and whole batches of ROLL's worker, against the reference.</summary>
public sealed class InstructionsTextTests
{
    [Fact]
    public void Languages_equal_the_reference_wherever_its_seed_does_not_matter()
    {
        var tally = new Tally();
        foreach (var row in LabelledCases.Read("ifeval/language_labels.jsonl"))
        {
            if (!row.GetProperty("stable_over_5_seeds").GetBoolean()) continue;
            var want = row.GetProperty("detected").GetString();
            var got = LanguageDetector.Detect(row.GetProperty("text").GetString()!);
            tally.Count(want == (got ?? "none"), $"{row.GetProperty("id")} want {want} got {got}");
        }

        tally.AssertShare(1);
    }

    [Theory]
    [InlineData("punkt_sentences", 0.992)]
    [InlineData("regex_words", 1)]
    [InlineData("upper_word_tokens", 1)]
    [InlineData("word_tokens", 0.992)]
    [InlineData("whitespace_words", 1)]
    public void Counts_equal_the_reference(string field, double share)
    {
        var tally = new Tally();
        foreach (var row in LabelledCases.Read("ifeval/token_counts.jsonl"))
        {
            var text = row.GetProperty("text").GetString()!;
            var got = field switch
            {
                "punkt_sentences" => SentenceSplitter.Count(text),
                "regex_words" => PythonWord.Count(text),
                "upper_word_tokens" => WordTokens.CountUpper(text),
                "word_tokens" => WordTokens.Of(text).Count(),
                _ => PythonText.WordCount(text),
            };
            tally.Count(got == row.GetProperty(field).GetInt32(), $"{row.GetProperty("id")} want {row.GetProperty(field)} got {got}");
        }

        tally.AssertShare(share);
    }

    [Fact]
    public void Rows_of_worker_batches_are_scored_each_by_itself()
    {
        var tally = new Tally();
        foreach (var batch in LabelledCases.Read("roll_ifeval/worker_batches.jsonl"))
        {
            // The reference's figures where its batch came through whole, else the corrected ones.
            var isCorrected = batch.TryGetProperty("correct", out var correct);
            var want = isCorrected ? correct : batch.GetProperty("reference");
            var reward = new InstructionsReward(new RewardSettings(isCorrected ? Parity.Fixed : Parity.Roll));
            var index = 0;
            foreach (var item in batch.GetProperty("items").EnumerateArray())
            {
                // A tag is the scheduler's business: it leads a row to its domain before any rule sees it.
                var isOurs = !item.TryGetProperty("tag", out var tag) || tag.GetString() == "ifeval";
                if (isOurs)
                {
                    var result = reward.Score(RolloutOf(item), new ScoringContext());
                    var score = want.GetProperty("scores")[index].GetDouble();
                    var level = want.GetProperty("response_level_rewards")[index].GetDouble();
                    tally.Count(
                        result.IsScored ? result.Score == score && Math.Abs(result.Reward!.Value - level) <= 1e-3 : score == 0 && isCorrected,
                        $"{batch.GetProperty("id")}[{index}] want {score} {level} got {result.Score} {result.Reward} {result.Reason}");
                }

                index++;
            }
        }

        tally.AssertShare(1);
    }

    private static Rollout RolloutOf(JsonElement item) => new()
    {
        Response = item.GetProperty("response").GetString()!,
        GroundTruth = item.GetProperty("ground_truth") is { ValueKind: JsonValueKind.String } text ? text.GetString() : item.GetProperty("ground_truth").GetRawText(),
    };
}
