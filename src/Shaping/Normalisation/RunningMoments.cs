namespace Fleet.Shaping.Normalisation;

/// <summary>Mean and spread of all values seen so far, without keeping them.</summary>
/// <param name="Count">How many values were seen.</param>
/// <param name="Mean">Their mean; 0 before the first.</param>
/// <param name="SquaredDistance">The sum of their squared distances from the mean.</param>
/// <remarks>Source: T. F. Chan, G. H. Golub, R. J. LeVeque, Updating formulae and a pairwise algorithm for computing sample variances, 1979.</remarks>
public readonly record struct RunningMoments(long Count, double Mean, double SquaredDistance)
{
    /// <summary>The standard deviation of a sample; null for fewer than two values.</summary>
    public double? Deviation => Count > 1 ? Math.Sqrt(SquaredDistance / (Count - 1)) : null;

    /// <summary>The moments of some values.</summary>
    public static RunningMoments Of(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0) return default;
        var mean = values.Average();
        return new(values.Count, mean, values.Sum(value => (value - mean) * (value - mean)));
    }

    /// <summary>The moments of these values and the other ones together.</summary>
    public RunningMoments With(RunningMoments other)
    {
        if (Count == 0) return other;
        if (other.Count == 0) return this;
        var count = Count + other.Count;
        var between = other.Mean - Mean;
        return new(count, Mean + between * other.Count / count, SquaredDistance + other.SquaredDistance + between * between * Count * other.Count / count);
    }
}
