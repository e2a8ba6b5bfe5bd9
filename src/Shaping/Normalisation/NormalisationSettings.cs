namespace Fleet.Shaping.Normalisation;

/// <summary>What a mean or a standard deviation is taken over.</summary>
public enum NormaliseOver
{
    /// <summary>Nothing: no mean is subtracted, no deviation divided by.</summary>
    Nothing,

    /// <summary>All rows of the same domain in this call.</summary>
    Batch,

    /// <summary>The rows of the same group.</summary>
    Group,

    /// <summary>All rows of the same domain so far, this call's included.</summary>
    Running,
}

/// <summary>How rewards become advantage inputs: (reward - mean) / (deviation + epsilon), then clipped.</summary>
public sealed record NormalisationSettings
{
    /// <summary>What the mean is taken over.</summary>
    /// <value>Default nothing.</value>
    public NormaliseOver Mean { get; init; }

    /// <summary>What the standard deviation, that of a sample, is taken over.</summary>
    /// <value>Default nothing.</value>
    public NormaliseOver Deviation { get; init; }

    /// <summary>Added to every deviation.</summary>
    /// <value>More than 0; default 0.000001.</value>
    public double Epsilon { get; init; } = 1e-6;

    /// <summary>The bound, either way, of what comes out; null for none.</summary>
    /// <value>More than 0; default null.</value>
    public double? Clip { get; init; }

    /// <summary>Mean and deviation of the group, as GRPO takes them.</summary>
    public static NormalisationSettings Grpo { get; } = new() { Mean = NormaliseOver.Group, Deviation = NormaliseOver.Group };

    internal IEnumerable<string> Faults()
    {
        if (!(Epsilon > 0)) yield return $"normalisation: epsilon {Epsilon} must be more than 0.";
        if (Clip is { } clip && !(clip > 0)) yield return $"normalisation: clip {clip} must be more than 0; leave it out for none.";
    }
}
