namespace Fleet.Contracts.Batches;

/// <summary>What one value of a <see cref="ValueColumn"/> is.</summary>
public enum ValueKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>A number, held as a double; whole numbers above 2^53 belong into text or JSON.</summary>
    Number,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>Any JSON value, held as its text.</summary>
    Json,
}
