using Fleet.Shaping.Components;
using Fleet.Shaping.Filters;
using Fleet.Shaping.Groups;
using Fleet.Shaping.Normalisation;

namespace Fleet.Shaping;

/// <summary>Shapes the rewards of scored rows: components, filters, normalisation, in this order. Arithmetic only.</summary>
/// <remarks>A plan is immutable and may be used from any number of threads at once; what it must remember goes in and out as <see cref="ShapingState"/>.</remarks>
public sealed class ShapingPlan
{
    private readonly ShapingSettings _settings;
    private readonly Composite _composite;

    private ShapingPlan(ShapingSettings settings)
    {
        _settings = settings;
        _composite = new Composite(settings);
    }

    /// <summary>Makes a plan.</summary>
    /// <exception cref="ArgumentException">The settings cannot be right; the message names every fault.</exception>
    public static ShapingPlan From(ShapingSettings settings)
    {
        var faults = settings.Faults();
        return faults.Count == 0 ? new ShapingPlan(settings) : throw new ArgumentException(string.Join(' ', faults), nameof(settings));
    }

    /// <summary>Which rows must be together before one of them can be shaped.</summary>
    public ShapingScope Scope => _settings.Scope;

    /// <summary>Shapes a batch. Rows of one group must be in the same batch.</summary>
    public ShapingOutcome Shape(IReadOnlyList<ShapingRow> rows, ShapingState state)
    {
        var groups = RowGroups.Of(rows);
        var composed = _composite.Of(rows, groups);
        var rewards = Array.ConvertAll(composed, one => one.Reward);

        // Filters see rewards before they are normalised: afterwards every group has mean 0.
        var dropped = RowFilters.Of(rows, rewards, groups, _settings.Filters, _settings.CorrectAt);
        var (inputs, clippedShare, next) = RewardNormalisation.Of(rows, rewards, groups, _settings.Normalisation, state);

        var shaped = new ShapedRow[rows.Count];
        for (var i = 0; i < shaped.Length; i++) shaped[i] = new(composed[i].Reward, composed[i].Components, inputs[i], dropped[i] is null, dropped[i]);
        return new ShapingOutcome(shaped, Metrics(dropped, clippedShare, groups), next);
    }

    private static Dictionary<string, double> Metrics(string?[] dropped, double clippedShare, RowGroups groups)
    {
        var metrics = new Dictionary<string, double>
        {
            ["rows"] = dropped.Length,
            ["rows_kept"] = dropped.Count(reason => reason is null),
            ["groups"] = groups.All.Count,
            ["groups_dropped"] = groups.All.Count(group => group.All(row => dropped[row] is not null)),
            ["reward_clip_share"] = clippedShare,
        };
        foreach (var reason in dropped.OfType<string>().GroupBy(reason => reason)) metrics["dropped/" + reason.Key] = reason.Count();
        return metrics;
    }
}
