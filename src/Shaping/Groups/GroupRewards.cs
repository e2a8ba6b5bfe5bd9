namespace Fleet.Shaping.Groups;

/// <summary>Rewards that compare the responses to one prompt with each other.</summary>
/// <remarks>
/// Fails:   a value of null is left out of every comparison and stays null; with fewer than two values nothing can be compared and
///          all are null.
/// </remarks>
public static class GroupRewards
{
    /// <summary>1 for the best of a group and 0 for the others; several best ones share the 1.</summary>
    /// <remarks>Range: [0, 1]; the sum over a group is 1.</remarks>
    public static double?[] BestOfN(IReadOnlyList<double?> values) => Compared(values, (value, scored) =>
    {
        var best = scored.Max();
        return value == best ? 1.0 / scored.Count(other => other == best) : 0;
    });

    /// <summary>The share of the others that a value beats, a tie counting half.</summary>
    /// <remarks>Range: [0, 1]; the mean over a group is 0.5.</remarks>
    public static double?[] Ranking(IReadOnlyList<double?> values) => Compared(values, (value, scored) =>
        (scored.Count(other => other < value) + 0.5 * (scored.Count(other => other == value) - 1)) / (scored.Length - 1));

    /// <summary>Wins less losses against each of the others.</summary>
    /// <remarks>Range: [-1, 1]; the sum over a group is 0.</remarks>
    public static double?[] Pairwise(IReadOnlyList<double?> values) => Compared(values, (value, scored) =>
        (double)(scored.Count(other => other < value) - scored.Count(other => other > value)) / (scored.Length - 1));

    private static double?[] Compared(IReadOnlyList<double?> values, Func<double, double[], double> compare)
    {
        var scored = values.OfType<double>().ToArray();
        return [.. values.Select(value => value is { } known && scored.Length > 1 ? compare(known, scored) : (double?)null)];
    }
}
