namespace Fleet.Rewards.Detection;

/// <summary>Pairs of predicted and true boxes, and the quality of the pairing at an overlap threshold.</summary>
/// <param name="Threshold">The smallest overlap of a pair.</param>
/// <param name="MeanOverlap">Overlap credited to the pairs over the number of true boxes.</param>
/// <param name="Precision">Pairs over predicted boxes.</param>
/// <param name="Recall">Pairs over true boxes.</param>
/// <remarks>Source: alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/rewards/detection_reward_worker.py, both matching strategies.</remarks>
internal readonly record struct BoxMatching(double Threshold, double MeanOverlap, double Precision, double Recall)
{
    /// <summary>The thresholds: 0.5 to 0.95 in steps of 0.05, and 0.99.</summary>
    public static readonly double[] Thresholds = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99];

    /// <summary>Overlap and completeness weighted into one figure.</summary>
    /// <param name="completeness">The weight of completeness, 0 to 1.</param>
    public double Weighted(double completeness) => MeanOverlap * (1 - completeness) + (1 - (1 - Recall + (1 - Precision)) / 2) * completeness;

    /// <summary>The work of all matchings of these boxes.</summary>
    public static long Work(int predicted, int truths) => (long)predicted * truths * (Thresholds.Length + 4) + predicted + truths;

    /// <summary>Each true box, in order, takes the unused prediction of its label that overlaps most.</summary>
    public static BoxMatching[] LabelFirst(List<Box> predicted, List<Box> truths)
    {
        var used = new bool[predicted.Count];
        return Array.ConvertAll(Thresholds, threshold =>
        {
            Array.Clear(used);
            var (pairs, overlap) = (0, 0.0);
            foreach (var truth in truths)
            {
                var (best, largest) = (-1, 0.0);
                for (var i = 0; i < predicted.Count; i++)
                {
                    if (used[i] || predicted[i].Label != truth.Label) continue;
                    var one = Box.Overlap(predicted[i], truth);
                    if (one > largest) (best, largest) = (i, one);
                }

                if (best < 0 || largest < threshold) continue;
                used[best] = true;
                pairs++;
                overlap += largest;
            }

            return Of(threshold, pairs, overlap, predicted.Count, truths.Count);
        });
    }

    /// <summary>The pair with the largest overlap is taken first, then the next of what is left; a pair of two labels counts with overlap 0.</summary>
    public static BoxMatching[] OverlapFirst(List<Box> predicted, List<Box> truths)
    {
        // What is taken never depends on the threshold: it only says where to stop.
        var candidates = new List<(double Overlap, int Predicted, int Truth)>();
        for (var i = 0; i < predicted.Count; i++)
        {
            for (var j = 0; j < truths.Count; j++)
            {
                var overlap = Box.Overlap(predicted[i], truths[j]);
                if (overlap >= Thresholds[0]) candidates.Add((overlap, i, j));
            }
        }

        candidates.Sort((a, b) => a.Overlap != b.Overlap ? b.Overlap.CompareTo(a.Overlap) : a.Predicted != b.Predicted ? a.Predicted - b.Predicted : a.Truth - b.Truth);
        var (usedPredicted, usedTruth) = (new bool[predicted.Count], new bool[truths.Count]);
        var taken = new List<(double Overlap, bool SameLabel)>();
        foreach (var (overlap, i, j) in candidates)
        {
            if (usedPredicted[i] || usedTruth[j]) continue;
            usedPredicted[i] = usedTruth[j] = true;
            taken.Add((overlap, predicted[i].Label == truths[j].Label));
        }

        return Cut(taken, predicted.Count, truths.Count);
    }

    /// <summary>
    /// The reference's overlap-first matching: the largest overlap of what is left decides, but the last prediction left and the last
    /// true box left are paired and credited with it.
    /// </summary>
    /// <remarks>Differs: a defect of the reference, repeated under <see cref="Parity.Roll"/> only.</remarks>
    public static BoxMatching[] LastLeft(List<Box> predicted, List<Box> truths)
    {
        // What is left after k pairs are the first n - k predictions and the first m - k true boxes, so the largest overlaps
        // come from the smallest such rectangle outwards, one row and one column at a time.
        var count = Min(predicted.Count, truths.Count);
        var taken = new (double Overlap, bool SameLabel)[count];
        var largest = 0.0;
        for (var k = count - 1; k >= 0; k--)
        {
            var (last, lastTruth) = (predicted.Count - 1 - k, truths.Count - 1 - k);
            var (first, firstTruth) = k == count - 1 ? (0, 0) : (last, lastTruth);
            for (var i = first; i <= last; i++)
            {
                for (var j = 0; j <= lastTruth; j++) largest = Larger(largest, Box.Overlap(predicted[i], truths[j]));
            }

            for (var j = firstTruth; j <= lastTruth; j++)
            {
                for (var i = 0; i < first; i++) largest = Larger(largest, Box.Overlap(predicted[i], truths[j]));
            }

            taken[k] = (largest, predicted[last].Label == truths[lastTruth].Label);
        }

        return Cut(taken, predicted.Count, truths.Count);
    }

    private static double Larger(double largest, double overlap) => overlap > largest ? overlap : largest;

    private static BoxMatching[] Cut(IReadOnlyList<(double Overlap, bool SameLabel)> taken, int predicted, int truths) => Array.ConvertAll(Thresholds, threshold =>
    {
        var (pairs, overlap) = (0, 0.0);
        while (pairs < taken.Count && taken[pairs].Overlap >= threshold)
        {
            if (taken[pairs].SameLabel) overlap += taken[pairs].Overlap;
            pairs++;
        }

        return Of(threshold, pairs, overlap, predicted, truths);
    });

    private static BoxMatching Of(double threshold, int pairs, double overlap, int predicted, int truths) =>
        new(threshold, overlap / truths, (double)pairs / predicted, (double)pairs / truths);
}
