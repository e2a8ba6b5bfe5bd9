using System.Text.Json;
using Fleet.Shaping;

namespace Fleet.Dispatcher.Shaped;

/// <summary>The shaping of one domain of a run, with what it remembers from call to call.</summary>
/// <param name="domain">Name of the domain.</param>
/// <param name="servedBy">The domain whose workers serve it.</param>
/// <param name="plan">What is done.</param>
/// <param name="window">The most tokens that a response may have; null when unknown.</param>
internal sealed class DomainShaping(string domain, string servedBy, ShapingPlan plan, int? window)
{
    private readonly Lock _lock = new();
    private ShapingState _state = ShapingState.Empty;

    /// <summary>Which rows must be together before one of them can be shaped.</summary>
    public ShapingScope Scope => plan.Scope;

    /// <summary>Shapes rows that belong together: one result each, in their order.</summary>
    public IReadOnlyList<ShapedRow> Shape(IReadOnlyList<ScoredRow> rows)
    {
        var read = rows.Select(Read).ToList();
        lock (_lock)
        {
            var outcome = plan.Shape(read, _state);
            _state = outcome.State;
            return outcome.Rows;
        }
    }

    private ShapingRow Read(ScoredRow row)
    {
        // The row's own verdict is a component by the names of its domain.
        var components = new Dictionary<string, double?>(StringComparer.Ordinal) { [domain] = row.Reward, [servedBy] = row.Reward };
        if (row.Components is not null)
        {
            using var json = JsonDocument.Parse(row.Components);
            foreach (var component in json.RootElement.EnumerateObject())
            {
                components[component.Name] = component.Value.ValueKind == JsonValueKind.Number ? component.Value.GetDouble() : null;
            }
        }

        var tokens = row.Tokens ?? row.TokenIds?.Count;
        return new ShapingRow
        {
            Domain = domain,
            GroupId = row.GroupId,
            Score = row.Score,
            Reward = row.Reward,
            Components = components,
            Tokens = tokens,
            Window = row.IsTruncated ? tokens : window,
            IsTruncated = row.IsTruncated,
            TokenIds = row.TokenIds,
        };
    }
}

/// <summary>What shaping looks at in a scored row, wherever the row came from.</summary>
internal readonly record struct ScoredRow
{
    /// <summary>Correctness; null unless scored.</summary>
    public double? Score { get; init; }

    /// <summary>Training reward; null unless scored.</summary>
    public double? Reward { get; init; }

    /// <summary>What further rules gave the row, as a JSON object; null when none was asked.</summary>
    public string? Components { get; init; }

    /// <summary>Rows of one prompt share it; null for a row that stands alone.</summary>
    public string? GroupId { get; init; }

    /// <summary>Valid response tokens, where they are said; null otherwise.</summary>
    public int? Tokens { get; init; }

    /// <summary>The response's ids; null when it has none.</summary>
    public IReadOnlyList<int>? TokenIds { get; init; }

    /// <summary>Whether the response was cut at its longest allowed length.</summary>
    public bool IsTruncated { get; init; }
}
