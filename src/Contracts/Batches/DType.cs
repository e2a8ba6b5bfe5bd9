namespace Fleet.Contracts.Batches;

/// <summary>The type of one element of a tensor.</summary>
public enum DType
{
    /// <summary>One byte an element: 0 or 1.</summary>
    Bool,

    /// <summary>Unsigned, 1 byte.</summary>
    UInt8,

    /// <summary>Signed, 4 bytes.</summary>
    Int32,

    /// <summary>Signed, 8 bytes: token ids and masks as the reference has them.</summary>
    Int64,

    /// <summary>IEEE half precision, 2 bytes: rewards at the edge.</summary>
    Float16,

    /// <summary>IEEE single precision, 4 bytes.</summary>
    Float32,

    /// <summary>IEEE double precision, 8 bytes: scores and rewards between workers and the dispatcher.</summary>
    Float64,
}
