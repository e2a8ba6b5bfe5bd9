using System.Text.Json;
using CsCheck;
using Fleet.Rewards;
using Fleet.Rewards.Detection;

namespace Fleet.Unit.Tests.Rewards.Detection;

public sealed class DetectionRewardTests
{
    private static readonly List<Box> Truths = [new(0, 0, 10, 10, "cat"), new(20, 20, 30, 30, "dog")];
    private static readonly List<Box> Predicted = [new(0, 0, 10, 9, "cat"), new(50, 50, 60, 60, "dog")];

    [Fact]
    public void Overlap_is_the_shared_area_over_the_covered_area()
    {
        Assert.Equal(0.9, Box.Overlap(new(0, 0, 10, 10, ""), new(0, 0, 10, 9, "")), 12);
        Assert.Equal(0, Box.Overlap(new(0, 0, 10, 10, ""), new(10, 0, 20, 10, "")));
        Assert.Equal(25.0 / 175, Box.Overlap(new(0, 0, 10, 10, ""), new(5, 5, 15, 15, "")), 12);
    }

    [Fact]
    public void One_good_pair_of_two_is_credited_once()
    {
        Assert.Equal(0.45, BoxMatching.OverlapFirst(Predicted, Truths)[0].MeanOverlap, 12);
        Assert.Equal(0.45, BoxMatching.LabelFirst(Predicted, Truths)[0].MeanOverlap, 12);
    }

    [Fact]
    public void The_reference_credits_the_one_good_pair_twice() =>
        Assert.Equal(0.9, BoxMatching.LastLeft(Predicted, Truths)[0].MeanOverlap, 12);

    [Theory]
    [InlineData("[{'bbox_2d': [1, 2, 3, 4], 'label': 'cat'}]", 1)]
    [InlineData("[[{\"bbox_2d\": [1, 2, 3, 4], \"label\": \"cat\"}]]", 1)]
    [InlineData("[{\"bbox_2d\": [1, 2, 3, 4], \"label\": \"cat\"}, {\"bbox_2d\": [1, 2, 3, 4], \"label\": \"dog\"}]", 1)]
    [InlineData("[{\"bbox_2d\": [1, 2, 3, 4], \"label\": \"cat\"}, {\"bbox_2d\": [5, 6", 1)]
    [InlineData("[{\"bbox_2d\": [3, 2, 1, 4], \"label\": \"cat\"}]", 0)]
    [InlineData("[{\"bbox_2d\": [1, 2, 3, 4], \"label\": \"the cat's\"}]", 0)]
    [InlineData("[{\"bbox_2d\": [1, 2, 3], \"label\": \"cat\"}]", 0)]
    [InlineData("{}", 0)]
    [InlineData("", 0)]
    [InlineData("\ud800", 0)]
    public void Boxes_are_read_from_broken_json_too(string text, int count) => Assert.Equal(count, BoxText.Read(text)?.Count ?? 0);

    [Fact]
    public void A_perfect_answer_is_right_in_every_figure()
    {
        var precision = AveragePrecision.Of(Truths, Truths);

        Assert.Equal(1, precision.Mean, 12);
        Assert.Equal(1, precision.At75, 12);
        Assert.Equal(1, BoxMatching.OverlapFirst(Truths, Truths)[^1].Weighted(0.5));
    }

    [Fact]
    public void Precision_falls_with_wrong_boxes_before_the_right_one()
    {
        // The right box comes second: precision 1/2 at every recall.
        List<Box> predicted = [new(50, 50, 60, 60, "cat"), new(0, 0, 10, 10, "cat")];

        Assert.Equal(0.5, AveragePrecision.Of(predicted, [Truths[0]]).Mean, 12);
    }

    [Fact]
    public void Only_half_found_is_half_the_recall_points() =>
        Assert.Equal(51.0 / 101 / 2 + 0.5 * 51 / 101, AveragePrecision.Of([Truths[0], Truths[1]], [.. Truths, new(70, 70, 80, 80, "cat"), new(70, 70, 80, 80, "dog")]).Mean, 12);

    [Theory]
    [InlineData("\"dynamic\"", 5, 0.85)]
    [InlineData("\"dynamic\"", 25, 0.95)]
    [InlineData("\"dynamic\"", 26, 0.99)]
    [InlineData("0.5", 0, 0.5)]
    [InlineData("\"5e-1\"", 0, 0.5)]
    [InlineData("\"0.45\"", 0, null)]
    [InlineData("\"average\"", 0, null)]
    public void The_threshold_is_one_of_eleven_or_their_mean(string threshold, int step, double? expected)
    {
        var columns = new Dictionary<string, JsonElement> { ["iou_threshold"] = Json(threshold), ["step"] = Json(step.ToString(null as IFormatProvider)), ["total_steps"] = Json("100") };
        var settings = new DetectionSettings(RewardSettings.Default, new Rollout { Response = "", Columns = columns });

        Assert.Equal(expected, settings.Threshold is { } index ? BoxMatching.Thresholds[index] : null);
    }

    [Fact]
    public void The_domain_sets_the_threshold_where_the_row_does_not()
    {
        var domain = new RewardSettings(Parity.Fixed, new Dictionary<string, JsonElement> { ["det_iou_threshold"] = Json("\"0.75\"") });

        Assert.Equal(5, new DetectionSettings(domain, new Rollout { Response = "" }).Threshold);
    }

    [Fact]
    public void Columns_may_come_inside_the_trainers_reward_model_object()
    {
        const string boxes = "[{\"bbox_2d\": [0, 0, 10, 10], \"label\": \"cat\"}]";
        var model = new { ground_truth = $"<answer>{boxes}</answer>", format_ratio = 0, accuracy_ratio = 1, verifier_parm = new { det_reward_ratio = new { map = 1.0 } } };
        var rollout = new Rollout { Response = $"\n<answer>\n{boxes}\n</answer>", Columns = new Dictionary<string, JsonElement> { ["reward_model"] = JsonSerializer.SerializeToElement(model) } };

        Assert.Equal(1, RewardCatalog.Create("cv_detection", RewardSettings.Default)!.Score(rollout, new ScoringContext()).Reward!.Value, 9);
    }

    [Fact]
    public void More_boxes_than_the_budget_allows_score_the_format_only()
    {
        var boxes = "[" + string.Join(',', Enumerable.Range(1, 2000).Select(i => $"{{\"bbox_2d\": [0, 0, {i}, 10], \"label\": \"cat\"}}")) + "]";
        var score = RewardCatalog.Create("cv_detection", RewardSettings.Default)!.Score(
            new Rollout { Response = $"<answer>{boxes}</answer>", GroundTruth = $"<answer>{boxes}</answer>" }, new ScoringContext { Budget = new WorkBudget(1_000_000) });

        Assert.Equal("over_budget", score.Reason.Code);
        Assert.Equal(0, score.Reward);
    }

    [Fact]
    public void No_pairing_gives_more_than_everything()
    {
        var box = Gen.Select(Gen.Int[0, 20], Gen.Int[0, 20], Gen.Int[1, 20], Gen.Int[1, 20], Gen.Int[0, 1]).Select((x, y, w, h, l) => new Box(x, y, x + w, y + h, l == 0 ? "a" : "b"));
        Gen.Select(box.List[1, 12], box.List[1, 12]).Sample((predicted, truths) =>
        {
            foreach (var matchings in (BoxMatching[][])[BoxMatching.OverlapFirst(predicted, truths), BoxMatching.LabelFirst(predicted, truths)])
            {
                Assert.All(matchings, matching => Assert.InRange(matching.Weighted(0.3), 0, 1 + 1e-12));
                Assert.True(matchings.Zip(matchings.Skip(1)).All(pair => pair.First.Recall >= pair.Second.Recall));
            }

            Assert.InRange(AveragePrecision.Of(predicted, truths).Mean, 0, 1);
        });
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
