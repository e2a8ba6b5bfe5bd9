using System.Text.Json.Nodes;

namespace Fleet.Rewards.Detection;

/// <summary>Scores boxes that a model drew around the objects of an image.</summary>
/// <remarks>
/// Range:   score and reward in [0, 1]; below 0 only for true boxes beyond the areas that the COCO evaluation knows.
/// Fails:   a row without ground truth is invalid, <c>no_ground_truth</c>; more boxes than the budget allows score 0, <c>over_budget</c>.
/// Source:  alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/rewards/detection_reward_worker.py.
/// Differs: overlap-first matching pairs the boxes that overlap most; weights that are null, ratios that are all 0, an image without
///          size and a schedule without steps are no errors.
/// </remarks>
internal sealed class DetectionReward(RewardSettings settings) : IReward
{
    private static readonly Reason NoGold = new("no_ground_truth", "The row has no ground truth to compare with.");
    private static readonly Reason NoBoxes = new("no_boxes", "No boxes could be read from the answer.");
    private static readonly Reason NoTrueBoxes = new("no_true_boxes", "No boxes could be read from the ground truth; only the format counts.");
    private static readonly Reason NoImageSize = new("no_image_size", "The coordinates are relative to an image of size 0.");
    private static readonly Reason NoRatios = new("no_ratios", "format_ratio and accuracy_ratio are both 0.");
    private static readonly Reason OverBudget = new("over_budget", "There are too many boxes to compare.");
    private static readonly Reason Compared = new("compared", "The predicted boxes were compared with the true ones.");

    public RewardScore Score(Rollout rollout, ScoringContext context)
    {
        var row = new DetectionSettings(settings, rollout);
        if (row.GroundTruth is not { } groundTruth) return RewardScore.Invalid(NoGold);

        var predicted = BoxText.Read(BoxText.Answer(rollout.Response));
        var truths = BoxText.Read(BoxText.Answer(groundTruth));
        context.Explain("boxes", $"{predicted?.Count ?? 0} predicted, {truths?.Count ?? 0} true");

        var format = predicted is not null && HasFormat(rollout.Response) ? 1.0 : 0.0;
        context.Explain("format", format == 1 ? "The answer stands in tags on lines of their own and can be read." : "The answer tags are not on lines of their own, or it cannot be read.");

        if (predicted is null) return Verdict(DetectionScores.None, row, format, NoBoxes, context);
        if (truths is null) return Verdict(DetectionScores.None, row, format, NoTrueBoxes, context);
        if (!context.Budget.TrySpend(BoxMatching.Work(predicted.Count, truths.Count) + AveragePrecision.Work(truths.Count)))
            return Verdict(DetectionScores.None, row, format, OverBudget, context);

        if (row.ImageSize is { } size)
        {
            if (size.Width <= 0 || size.Height <= 0) return Verdict(DetectionScores.None, row, 0, NoImageSize, context);
            predicted = predicted.ConvertAll(box => box.InThousandths(size.Width, size.Height));
        }

        return Verdict(DetectionScores.Of(predicted, truths, row, settings.Parity), row, format, Compared, context);
    }

    private static RewardScore Verdict(DetectionScores scores, DetectionSettings row, double format, Reason reason, ScoringContext context)
    {
        var (forAccuracy, forFormat) = (row.AccuracyRatio, row.FormatRatio);
        var accuracy = scores.Final(row);
        var reward = forAccuracy + forFormat == 0 ? 0 : accuracy * forAccuracy / (forAccuracy + forFormat) + format * forFormat / (forAccuracy + forFormat);
        if (!double.IsFinite(reward)) reward = 0;
        if (forAccuracy + forFormat == 0) reason = NoRatios;

        context.Explain("scores", $"overlap first {scores.PureOverlapFirst:0.####}, label first {scores.PureLabelFirst:0.####}, map {scores.Precision.Mean:0.####}, size penalty {scores.SizePenalty:0.####}");
        context.Explain("reward", $"accuracy {accuracy:0.######} x {forAccuracy} and format {format} x {forFormat} make {reward:0.######}");
        return RewardScore.Scored(reward, reward, reason, () =>
        {
            var detail = new JsonObject { ["format_score"] = format, ["final_score"] = double.IsFinite(accuracy) ? accuracy : null, ["final_reward"] = reward };
            scores.WriteTo(detail);
            return detail;
        });
    }

    // The tags on lines of their own: opened at least once, closed exactly once.
    private static bool HasFormat(string response)
    {
        const string open = "\n<answer>\n";
        const string close = "\n</answer>";
        return response.Contains(open, StringComparison.Ordinal) && response.AsSpan().Count(close) == 1;
    }
}
