namespace Fleet.Chaos.Tests.Soak;

/// <summary>Whether a process grows once it is warm: by the medians of two stretches of time, and by the slope.</summary>
/// <param name="Middle">Median of the second third of the samples, in MB; the first third is the warming up.</param>
/// <param name="Last">Median of the last third, in MB.</param>
/// <param name="SlopePerHour">Median of the slopes between pairs of samples after the first third, in MB an hour.</param>
internal sealed record Growth(double Middle, double Last, double SlopePerHour)
{
    // What the collector and the allocator take and give back from one minute to the next.
    private const double Share = 0.1;
    private const double Slack = 8;

    public bool IsGrowing => Last > (Middle * (1 + Share)) + Slack;

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
            Median(slopes));
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values.Count == 0 ? 0 : values[values.Count / 2];
    }
}
