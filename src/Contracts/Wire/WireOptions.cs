namespace Fleet.Contracts.Wire;

/// <summary>How a batch is written.</summary>
public sealed class WireOptions
{
    /// <summary>As fast as possible: no compression.</summary>
    public static readonly WireOptions Default = new();

    /// <summary>The compression of the buffers.</summary>
    /// <value>The default is <see cref="WireCompression.None"/>: LZ4 makes token ids a quarter smaller at a quarter of the speed.</value>
    public WireCompression Compression { get; init; }
}

/// <summary>The compressions that Arrow knows. A reader finds out by itself.</summary>
public enum WireCompression
{
    /// <summary>None.</summary>
    None,

    /// <summary>LZ4 frames.</summary>
    Lz4,

    /// <summary>Zstandard.</summary>
    Zstd,
}
