namespace Fleet.Rewards.Detection;

/// <summary>Mean average precision of the COCO evaluation over one image.</summary>
/// <param name="Mean">Over the overlap thresholds 0.5 to 0.95.</param>
/// <param name="At50">At overlap 0.5.</param>
/// <param name="At75">At overlap 0.75.</param>
/// <remarks>
/// Range:   [0, 1], and -1 when every true box is larger than the largest area that the evaluation knows.
/// Source:  cocodataset/cocoapi PythonAPI/pycocotools/cocoeval.py evaluateImg, accumulate and summarize; all predictions score 1.
/// </remarks>
internal readonly record struct AveragePrecision(double Mean, double At50, double At75)
{
    private const int MaxDetections = 100;
    private const int RecallPoints = 101;
    private const int ThresholdCount = 10;
    private const int IndexOf75 = 5;
    private const double MaxArea = 1e10;

    // The distance from 1 to the next number: the evaluation divides by true + false + this.
    private const double Spacing = 2.220446049250313e-16;

    /// <summary>Evaluates predictions against true boxes; predictions of labels that no true box has are left out.</summary>
    public static AveragePrecision Of(List<Box> predicted, List<Box> truths)
    {
        var labels = truths.Select(truth => truth.Label).Distinct().ToList();
        var known = labels.ToHashSet();
        var byLabel = predicted.Where(box => known.Contains(box.Label)).ToLookup(box => box.Label);
        if (byLabel.Count == 0) return default;

        Span<double> sums = stackalloc double[ThresholdCount];
        sums.Clear();
        var categories = 0;
        foreach (var label in labels)
        {
            var detections = byLabel[label].Take(MaxDetections).ToArray();
            if (AddCategory(sums, detections, [.. truths.Where(truth => truth.Label == label)])) categories++;
        }

        if (categories == 0) return new(-1, -1, -1);
        var total = 0.0;
        foreach (var sum in sums) total += sum;
        return new(total / (categories * ThresholdCount), sums[0] / categories, sums[IndexOf75] / categories);
    }

    /// <summary>The work of an evaluation.</summary>
    public static long Work(int truths) => (long)MaxDetections * truths * ThresholdCount;

    private static bool AddCategory(Span<double> sums, Box[] detections, Box[] truths)
    {
        // Ignored true boxes stand behind the others.
        truths = [.. truths.OrderBy(IsIgnored)];
        var counted = truths.Count(truth => !IsIgnored(truth));
        if (counted == 0) return false;

        var overlaps = new double[detections.Length * truths.Length];
        for (var d = 0; d < detections.Length; d++)
        {
            for (var t = 0; t < truths.Length; t++) overlaps[d * truths.Length + t] = Box.CocoOverlap(detections[d], truths[t]);
        }

        for (var i = 0; i < ThresholdCount; i++) sums[i] += At(Threshold(i), detections, truths, counted, overlaps);
        return true;
    }

    private static double At(double threshold, Box[] detections, Box[] truths, int counted, double[] overlaps)
    {
        var taken = new bool[truths.Length];
        var recalls = new List<double>(detections.Length);
        var precisions = new List<double>(detections.Length);
        var (right, wrong) = (0, 0);
        for (var d = 0; d < detections.Length; d++)
        {
            var best = Min(threshold, 1 - 1e-10);
            var match = -1;
            for (var t = 0; t < truths.Length; t++)
            {
                if (taken[t]) continue;
                if (match >= 0 && match < counted && t >= counted) break;
                if (overlaps[d * truths.Length + t] < best) continue;
                best = overlaps[d * truths.Length + t];
                match = t;
            }

            // A match with an ignored box, or no match of a box that would be ignored itself, counts neither way.
            if (match >= 0) taken[match] = true;
            if (match >= counted || (match < 0 && IsIgnored(detections[d])))
            {
                recalls.Add((double)right / counted);
                precisions.Add(right / (right + wrong + Spacing));
                continue;
            }

            if (match >= 0) right++;
            else wrong++;
            recalls.Add((double)right / counted);
            precisions.Add(right / (right + wrong + Spacing));
        }

        return Interpolated(recalls, precisions);
    }

    // The mean, over 101 recalls, of the best precision at that recall or beyond.
    private static double Interpolated(List<double> recalls, List<double> precisions)
    {
        for (var i = precisions.Count - 1; i > 0; i--) precisions[i - 1] = Max(precisions[i - 1], precisions[i]);

        var (sum, at) = (0.0, 0);
        for (var point = 0; point < RecallPoints; point++)
        {
            var recall = point == RecallPoints - 1 ? 1 : point * 0.01;
            while (at < recalls.Count && recalls[at] < recall) at++;
            if (at == recalls.Count) break;
            sum += precisions[at];
        }

        return sum / RecallPoints;
    }

    private static double Threshold(int i) => i == ThresholdCount - 1 ? 0.95 : 0.5 + i * ((0.95 - 0.5) / (ThresholdCount - 1));

    private static bool IsIgnored(Box box) => box.Area is < 0 or > MaxArea;
}
