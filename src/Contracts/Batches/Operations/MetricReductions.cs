namespace Fleet.Contracts.Batches.Operations;

/// <summary>Which reduction the name of a metric asks for, and the arithmetic of each.</summary>
internal static class MetricReductions
{
    private static readonly (string Name, MetricReduction Reduction)[] ByName =
    [
        ("mean", MetricReduction.Mean), ("max", MetricReduction.Max), ("min", MetricReduction.Min), ("p50", MetricReduction.P50),
        ("p99", MetricReduction.P99), ("std", MetricReduction.Std), ("sum", MetricReduction.Sum),
    ];

    public static MetricReduction Named(string metric, MetricReduction otherwise)
    {
        int at = metric.LastIndexOf('@');
        foreach (var (name, reduction) in ByName)
        {
            if (at >= 0 ? metric.AsSpan(at + 1).SequenceEqual(name) : metric.EndsWith("_" + name, StringComparison.Ordinal)) return reduction;
        }

        return at < 0
            ? otherwise
            : throw new FleetException(
                $"The metric {Quoted.Clip(metric)} asks for the reduction {Quoted.Clip(metric[(at + 1)..])}: known are " +
                $"{string.Join(", ", ByName.Select(known => known.Name))}.");
    }

    public static double Apply(this MetricReduction reduction, List<double> numbers) => reduction switch
    {
        MetricReduction.Max => numbers.Max(),
        MetricReduction.Min => numbers.Min(),
        MetricReduction.P50 => Percentile(numbers, 0.50),
        MetricReduction.P99 => Percentile(numbers, 0.99),
        MetricReduction.Std => Deviation(numbers),
        MetricReduction.Sum => numbers.Sum(),
        _ => numbers.Average(),
    };

    private static double Percentile(List<double> numbers, double share)
    {
        double[] sorted = [.. numbers.Order()];
        double at = share * (sorted.Length - 1);
        int below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + ((sorted[below + 1] - sorted[below]) * (at - below)) : sorted[below];
    }

    private static double Deviation(List<double> numbers)
    {
        double mean = numbers.Average();
        return Math.Sqrt(numbers.Sum(number => (number - mean) * (number - mean)) / numbers.Count);
    }
}
