namespace Fleet.Chaos.Tests.Soak;

/// <summary>Whether a process grows once it is warm: by the medians of two stretches of time, and by the slope.</summary>
/// <param name="Middle">Median of the second third of the samples, in MB; the first third is the warming up.</param>
/// <param name="Last">Median of the last third, in MB.</param>
/// <param name="SlopePerHour">Median of the slopes between pairs of samples after the first third, in MB an hour.</param>
/// <param name="Hours">How long the samples after the first third took.</param>
internal sealed record Growth(double Middle, double Last, double SlopePerHour, double Hours)
{
    // What the collector and the allocator take and give back from one minute to the next.
    private const double Share = 0.05;
    private const double Slack = 8;

    /// <summary>Whether it took more, from one stretch to the next or by its slope over both, than a warm process takes and gives back.</summary>
    public bool IsGrowing => Math.Max(Last - Middle, SlopePerHour * Hours) > (Middle * Share) + Slack;

    public static Growth Of(IReadOnlyList<(double Seconds, double Megabytes)> samples)
    {
        var warm = samples.Skip(samples.Count / 3).ToList();
        var slopes = new List<double>();
        for (var i = 0; i < warm.Count; i++)
        {
            for (var j = i + 1; j < warm.Count; j++) slopes.Add((warm[j].Megabytes - warm[i].Megabytes) / (warm[j].Seconds - warm[i].Seconds) * 3600);
        }

        return new Growth(
            Median([.. warm.Take(warm.Count / 2).Select(sample => sample.Megabytes)]),
            Median([.. warm.Skip(warm.Count / 2).Select(sample => sample.Megabytes)]),
            Median(slopes),
            (warm[^1].Seconds - warm[0].Seconds) / 3600);
    }

    /// <summary>The least of the last minutes at each sample: what is kept by a process that lets a buffer grow and then empties it, over and over.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="window">Longer than it takes to fill the buffer.</param>
    public static IReadOnlyList<(double Seconds, double Megabytes)> LowerEdge(IReadOnlyList<(double Seconds, double Megabytes)> samples, TimeSpan window) =>
        [.. samples.Select((sample, i) => (sample.Seconds, samples.Take(i + 1).Where(earlier => earlier.Seconds >= sample.Seconds - window.TotalSeconds).Min(earlier => earlier.Megabytes)))];

    private static double Median(List<double> values)
    {
        values.Sort();
        return values.Count == 0 ? 0 : values[values.Count / 2];
    }
}
