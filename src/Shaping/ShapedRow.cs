namespace Fleet.Shaping;

/// <summary>What shaping adds to a row. The row's own score and reward stay as they are.</summary>
/// <param name="Composite">The weighted sum of the components; the row's own reward when none are configured. Null when it has none.</param>
/// <param name="Components">The value of each component before its weight; null where one has no verdict.</param>
/// <param name="AdvantageInput">The normalised, clipped reward; null when there is none.</param>
/// <param name="Keep">Whether the row is to be trained on.</param>
/// <param name="DroppedBy">The filter that said no; null when the row is kept.</param>
public sealed record ShapedRow(double? Composite, IReadOnlyDictionary<string, double?> Components, double? AdvantageInput, bool Keep, string? DroppedBy);

/// <summary>What shaping makes of a batch.</summary>
/// <param name="Rows">One for each row, in their order.</param>
/// <param name="Metrics">Figures over the batch, by name.</param>
/// <param name="State">What the next call needs.</param>
public sealed record ShapingOutcome(IReadOnlyList<ShapedRow> Rows, IReadOnlyDictionary<string, double> Metrics, ShapingState State);
