using System.Text.Json.Nodes;

namespace Fleet.Rewards.Detection;

/// <summary>Every figure that the detection rule reports of one response.</summary>
/// <param name="SizePenalty">0.6 to the power of how many boxes too many or too few there are.</param>
/// <param name="OverlapFirst">Overlap-first matching at each threshold.</param>
/// <param name="LabelFirst">Label-first matching at each threshold.</param>
/// <param name="Precision">The COCO evaluation.</param>
/// <param name="Threshold">The index of the threshold that counts; null for the mean over all of them.</param>
/// <param name="Completeness">The weight of completeness inside a matching's score.</param>
internal sealed record DetectionScores(
    double SizePenalty, BoxMatching[] OverlapFirst, BoxMatching[] LabelFirst, AveragePrecision Precision, int? Threshold, double Completeness)
{
    private const double SizeBase = 0.6;

    private const int At50 = 0;
    private const int At75 = 5;
    private const int At95 = 9;
    private const int At99 = 10;

    /// <summary>The figures of a response without boxes, or of a row without true boxes: all 0.</summary>
    public static DetectionScores None { get; } = new(0, new BoxMatching[BoxMatching.Thresholds.Length], new BoxMatching[BoxMatching.Thresholds.Length], default, At50, 0);

    /// <summary>Scores predictions against true boxes; there is at least one of each.</summary>
    public static DetectionScores Of(List<Box> predicted, List<Box> truths, DetectionSettings settings, Parity parity) => new(
        Pow(SizeBase, Abs(predicted.Count - truths.Count)),
        parity == Parity.Roll ? BoxMatching.LastLeft(predicted, truths) : BoxMatching.OverlapFirst(predicted, truths),
        BoxMatching.LabelFirst(predicted, truths),
        AveragePrecision.Of(predicted, truths),
        settings.Threshold,
        settings.Weight("iou_completeness"));

    /// <summary>The score of overlap-first matching, without the size penalty.</summary>
    public double PureOverlapFirst => Pick(OverlapFirst);

    /// <summary>The score of label-first matching, without the size penalty.</summary>
    public double PureLabelFirst => Pick(LabelFirst);

    /// <summary>The five scores in the row's weights, times the size penalty; 0 when all weights are 0.</summary>
    public double Final(DetectionSettings settings)
    {
        ReadOnlySpan<(string Name, double Score)> parts =
        [
            ("iou_max_iou_first", PureOverlapFirst), ("iou_max_label_first", PureLabelFirst), ("map", Precision.Mean), ("map50", Precision.At50), ("map75", Precision.At75),
        ];
        var (sum, weights) = (0.0, 0.0);
        foreach (var (name, score) in parts)
        {
            var weight = settings.Weight(name);
            sum += weight * (score * SizePenalty);
            weights += weight;
        }

        return weights == 0 ? 0 : sum / weights;
    }

    /// <summary>The figures under the names that the reference reports them by.</summary>
    public void WriteTo(JsonObject detail)
    {
        detail["size_penalty"] = SizePenalty;
        Both(detail, "iou_score_max_iou", PureOverlapFirst);
        Both(detail, "iou_score_max_label", PureLabelFirst);
        Both(detail, "map_score", Precision.Mean);
        Both(detail, "map50_score", Precision.At50);
        Both(detail, "map75_score", Precision.At75);
        Report(detail, "50_iou_match", OverlapFirst[At50]);
        Report(detail, "95_iou_match", OverlapFirst[At95]);
        Report(detail, "50_label_match", LabelFirst[At50]);
        Report(detail, "75_label_match", LabelFirst[At75]);
        Report(detail, "95_label_match", LabelFirst[At95]);
        Report(detail, "99_label_match", LabelFirst[At99]);
    }

    private double Pick(BoxMatching[] matchings)
    {
        if (Threshold is { } index) return matchings[index].Weighted(Completeness);
        var sum = 0.0;
        foreach (var matching in matchings) sum += matching.Weighted(Completeness);
        return sum / matchings.Length;
    }

    private void Both(JsonObject detail, string name, double score)
    {
        detail["pure_" + name] = Finite(score);
        detail["weighted_" + name] = Finite(score * SizePenalty);
    }

    private static void Report(JsonObject detail, string name, BoxMatching matching)
    {
        detail[$"report_iou_{name}_pure"] = Finite(matching.MeanOverlap);
        detail[$"report_iou_{name}_precision"] = matching.Precision;
        detail[$"report_iou_{name}_recall"] = matching.Recall;
    }

    // JSON knows no NaN, which boxes at infinity can bring about.
    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
