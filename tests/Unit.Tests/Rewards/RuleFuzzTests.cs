using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Fleet.Rewards;

namespace Fleet.Unit.Tests.Rewards;

/// <summary>Mutated rows through the text rules: 20,000 of each rule, a million when <c>FLEET_LONG</c> is 1.</summary>
public sealed class RuleFuzzTests
{
    private const int ShortRun = 20_000;
    private const int LongRun = 1_000_000;
    private const int MaxLength = 20_000;

    private static readonly TimeSpan RowLimit = TimeSpan.FromMilliseconds(100);

    private static readonly string[] Pieces =
    [
        @"\boxed{", @"\boxed{C}", @"\fbox{B}", @"\text{", "}", "{", "(", ")", "[", "]", "answer is ", "Answer: ", "option ", " is correct", "not ", "but ", "C", "a", "I ", "\u7b54\u6848\u662f", "\u9009",
        "<think>", "</think>", "<answer>", "</answer>", "\n<answer>\n", "\n</answer>", "[{\"bbox_2d\": [0, 0, 10, 10], \"label\": \"cat\"}]", "\"bbox_2d\": [1, 2, 3, 4]", "},", "'", "\\", "1e400", "-1e400",
        "nan", "inf", "1_000", "3.14", ",", ".", " ", "\n", "\r\n", "\u0130", "\u03a3", "\ud83d\ude00", "\ud83d", "\ude00", "\u0000", "\uff21", "<|im_end|>", "<pad>", "yy", "tional", "alli", "the cat sat ",
    ];

    private static readonly string[] Seeds =
    [
        "", "C", "The answer is (C).", @"<think>It is B.</think>Hence \boxed{C}.", "C. Carbon dioxide", "<think>a</think>\n<answer>3.14</answer>",
        "<think>boxes</think>\n<answer>\n[{\"bbox_2d\": [0, 0, 10, 10], \"label\": \"cat\"}, {\"bbox_2d\": [5, 5, 20, 20], \"label\": \"dog\"}]\n</answer>",
        "<answer>the quick brown foxes were jumping over the lazily sleeping dogs</answer>",
    ];

    private static readonly string[] QuestionTypes = ["multiple choice", "numerical", "regression", "OCR", "free-form", "other", ""];

    [Theory]
    [InlineData("multiple_choice_boxed")]
    [InlineData("general_val_rule")]
    [InlineData("crossthinkqa")]
    [InlineData("cv_detection")]
    [InlineData("video_r1")]
    [InlineData("format")]
    [InlineData("repetition")]
    [InlineData("length")]
    [InlineData("tag_count")]
    public void Every_row_gets_a_verdict_in_time(string name)
    {
        var rows = Environment.GetEnvironmentVariable("FLEET_LONG") == "1" ? LongRun : ShortRun;
        var random = new Random(20_000);
        IReward[] rules = [RewardCatalog.Create(name, new RewardSettings(Parity.Fixed))!, RewardCatalog.Create(name, new RewardSettings(Parity.Roll))!];
        for (var i = 0; i < rows; i++)
        {
            var rollout = new Rollout { Response = Mutated(random), GroundTruth = Mutated(random), ResponseTokens = random.Next(500), Columns = Columns(random) };
            var rule = rules[i % rules.Length];
            var score = Timed(rule, rollout, i);
            Assert.True(score.Reward is null || double.IsFinite(score.Reward.Value), $"row {i} of {name}: reward {score.Reward}");
            if (i % 64 == 0) _ = score.Detail?.ToJsonString();
        }
    }

    private static RewardScore Timed(IReward rule, Rollout rollout, int row)
    {
        var fastest = TimeSpan.MaxValue;
        RewardScore? score = null;

        // A pause of the machine is no fault of the row: only a row that is slow three times over is.
        for (var attempt = 0; attempt < 3 && fastest > RowLimit; attempt++)
        {
            var start = Stopwatch.GetTimestamp();
            score = rule.Score(rollout, new ScoringContext());
            var took = Stopwatch.GetElapsedTime(start);
            if (took < fastest) fastest = took;
        }

        Assert.True(fastest <= RowLimit, $"row {row} took {fastest.TotalMilliseconds} ms: {JsonSerializer.Serialize(rollout.Response)[..System.Math.Min(200, rollout.Response.Length)]}");
        return score!;
    }

    private static string Mutated(Random random)
    {
        var text = new StringBuilder(Seeds[random.Next(Seeds.Length)]);
        for (var steps = random.Next(6); steps > 0 && text.Length < MaxLength; steps--)
        {
            var at = random.Next(text.Length + 1);
            switch (random.Next(5))
            {
                case 0:
                    text.Remove(at, random.Next(System.Math.Min(20, text.Length - at) + 1));
                    break;
                case 1:
                    text.Insert(at, text.ToString(at, random.Next(System.Math.Min(200, text.Length - at) + 1)));
                    break;
                case 2 when random.Next(50) == 0:
                    text.Insert(at, string.Concat(Enumerable.Repeat(Pieces[random.Next(Pieces.Length)], random.Next(2000))));
                    break;
                case 3:
                    text.Insert(at, (char)random.Next(0x10000));
                    break;
                default:
                    text.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
            }
        }

        return text.ToString(0, System.Math.Min(text.Length, MaxLength));
    }

    private static Dictionary<string, JsonElement> Columns(Random random) => new()
    {
        ["question_type"] = Json(QuestionTypes[random.Next(QuestionTypes.Length)]),
        ["reward_type"] = Json(((string[])["loose", "soft", "strict", "hard"])[random.Next(4)]),
        ["response_length_penalty_coef"] = Json(random.NextDouble()),
        ["det_reward_ratio"] = Json(new Dictionary<string, object?> { ["iou_max_iou_first"] = random.NextDouble() * 1.2, ["map"] = random.Next(2), ["iou_completeness"] = random.Next(3) == 0 ? null : "x" }),
        ["iou_threshold"] = Json(((object[])["dynamic", 0.5, "0.75", "?", true])[random.Next(5)]),
        ["det_verifier_normalized"] = Json(random.Next(2) == 0),
        ["image_grid_thw"] = Json(((object[])[(int[][])[[1, 480, 640]], (int[][])[[1, 0, 0]], "none", (int[])[1, 2], (int[][])[[1]]])[random.Next(5)]),
    };

    private static JsonElement Json(object? value) => JsonSerializer.SerializeToElement(value);
}
