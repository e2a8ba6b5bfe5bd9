namespace Fleet.Shaping;

/// <summary>Which rows must be together before one of them can be shaped.</summary>
public enum ShapingScope
{
    /// <summary>Each row alone.</summary>
    Row,

    /// <summary>The rows of a group.</summary>
    Group,

    /// <summary>All rows of a domain in the call.</summary>
    Batch,
}
