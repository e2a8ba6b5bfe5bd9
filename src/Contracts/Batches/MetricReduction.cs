namespace Fleet.Contracts.Batches;

/// <summary>How a list of numbers becomes one.</summary>
public enum MetricReduction
{
    /// <summary>The arithmetic mean.</summary>
    Mean,

    /// <summary>The largest.</summary>
    Max,

    /// <summary>The smallest.</summary>
    Min,

    /// <summary>The median, interpolated between the two in the middle.</summary>
    P50,

    /// <summary>The 99th percentile, interpolated.</summary>
    P99,

    /// <summary>The population's standard deviation.</summary>
    Std,

    /// <summary>The sum.</summary>
    Sum,
}
