namespace Fleet.Shaping;

/// <summary>One scored row, as numbers only.</summary>
public sealed record ShapingRow
{
    private static readonly IReadOnlyDictionary<string, double?> NoComponents = new Dictionary<string, double?>();

    /// <summary>The row's domain: what "batch" and "running" statistics are taken over.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Rows of the same prompt share this; a row without it is a group of its own.</summary>
    public string? GroupId { get; init; }

    /// <summary>Correctness in the domain's range; null when the row has no score.</summary>
    public double? Score { get; init; }

    /// <summary>The raw training reward; null when the row has no score.</summary>
    public double? Reward { get; init; }

    /// <summary>What further rules gave the row, by name; null, or absent, where such a rule has no verdict.</summary>
    public IReadOnlyDictionary<string, double?> Components { get; init; } = NoComponents;

    /// <summary>Valid response tokens; null when unknown.</summary>
    /// <value>At least 0.</value>
    public int? Tokens { get; init; }

    /// <summary>The most tokens that a response could have had; null when unknown.</summary>
    public int? Window { get; init; }

    /// <summary>Whether the response was cut at its longest allowed length.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>The valid response tokens themselves; null when unknown.</summary>
    public IReadOnlyList<int>? TokenIds { get; init; }
}
