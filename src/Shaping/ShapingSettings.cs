using Fleet.Shaping.Components;
using Fleet.Shaping.Filters;
using Fleet.Shaping.Normalisation;

namespace Fleet.Shaping;

/// <summary>How rows are shaped after they were scored. The default changes nothing.</summary>
public sealed record ShapingSettings
{
    /// <summary>The components of the reward, with their weights.</summary>
    /// <value>Empty by default: the reward is the row's own. See <see cref="ComponentNames"/> for the names that are computed here.</value>
    public IReadOnlyList<WeightedComponent> Rewards { get; init; } = [];

    /// <summary>Whether a component without a verdict is left out of the sum; by default it leaves the whole row without one.</summary>
    public bool SkipUnscoredComponents { get; init; }

    /// <summary>Settings of the component <c>overlong</c>.</summary>
    public OverlongPenalty Overlong { get; init; } = new();

    /// <summary>Settings of the component <c>cosine_length</c>.</summary>
    public CosineLength Cosine { get; init; } = new();

    /// <summary>Settings of the component <c>short_length</c>.</summary>
    public ShortLengthPenalty ShortLength { get; init; } = new();

    /// <summary>Settings of the component <c>token_repetition</c>.</summary>
    public TokenRepetition Repetition { get; init; } = new();

    /// <summary>From which score on a row counts as correct.</summary>
    /// <value>Default 1.</value>
    public double CorrectAt { get; init; } = 1;

    /// <summary>How rewards become advantage inputs.</summary>
    public NormalisationSettings Normalisation { get; init; } = new();

    /// <summary>Which rows and groups are kept.</summary>
    public FilterSettings Filters { get; init; } = new();

    /// <summary>Which rows must be together before one of them can be shaped.</summary>
    internal ShapingScope Scope =>
        Normalisation.Mean is NormaliseOver.Batch or NormaliseOver.Running || Normalisation.Deviation is NormaliseOver.Batch or NormaliseOver.Running ? ShapingScope.Batch
        : Normalisation.Mean == NormaliseOver.Group || Normalisation.Deviation == NormaliseOver.Group || Filters.LookAtGroups || Rewards.Any(reward => ComponentNames.CompareGroups(reward.Name)) ? ShapingScope.Group
        : ShapingScope.Row;

    /// <summary>Everything that is wrong with these settings, one sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> Faults() =>
    [
        .. Rewards.GroupBy(reward => reward.Name).Where(same => same.Count() > 1).Select(same => $"rewards: '{same.Key}' is named {same.Count()} times; name each component once."),
        .. Rewards.Where(reward => !double.IsFinite(reward.Weight)).Select(reward => $"rewards: the weight of '{reward.Name}' is {reward.Weight}; give a number."),
        .. Overlong.Faults(), .. Cosine.Faults(), .. ShortLength.Faults(), .. Repetition.Faults(), .. Normalisation.Faults(), .. Filters.Faults(),
    ];
}

/// <summary>One component of a reward and what it counts.</summary>
/// <param name="Name">A name of <see cref="ComponentNames"/>, or that of a rule whose verdict the row carries.</param>
/// <param name="Weight">Times what its value is added.</param>
public readonly record struct WeightedComponent(string Name, double Weight = 1);
