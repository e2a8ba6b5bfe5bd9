using System.Collections.Immutable;
using System.Globalization;
using Apache.Arrow.Types;
using Fleet.Contracts.Batches;

namespace Fleet.Contracts.Wire;

/// <summary>The names that the Arrow stream carries beside the columns; docs/wire-format.md explains each.</summary>
internal static class WireFormat
{
    /// <summary>The version that this code writes and the only one that it reads.</summary>
    public const string Version = "1";

    /// <summary>The most rows of a batch.</summary>
    public const int MostRows = 1 << 24;

    /// <summary>The most tokens of a padded row.</summary>
    public const int MostWidth = 1 << 24;

    /// <summary>The most bytes that the compressed buffers of one batch may become together.</summary>
    public const long MostDecompressedBytes = 256L << 20;

    // Schema metadata.
    public const string VersionKey = "fleet.version";
    public const string MetaInfoKey = "fleet.meta";

    public static ReadOnlySpan<byte> VersionKeyUtf8 => "fleet.version"u8;

    public static ReadOnlySpan<byte> MetaInfoKeyUtf8 => "fleet.meta"u8;

    // Field metadata.
    public const string KindKey = "fleet.kind";
    public const string DTypeKey = "fleet.dtype";
    public const string ShapeKey = "fleet.shape";
    public const string WidthKey = "fleet.width";
    public const string PadSideKey = "fleet.pad_side";
    public const string PadIdKey = "fleet.pad_id";

    // Values of fleet.kind.
    public const string TensorKind = "tensor";
    public const string ZerosKind = "zeros";
    public const string TokensKind = "tokens";
    public const string TextKind = "text";
    public const string NumberKind = "number";
    public const string FlagKind = "flag";
    public const string JsonKind = "json";

    // Values of fleet.pad_side.
    public const string Right = "right";
    public const string Left = "left";

    // Arrow's own extension type for tensors.
    public const string ExtensionNameKey = "ARROW:extension:name";
    public const string ExtensionMetadataKey = "ARROW:extension:metadata";
    public const string FixedShapeTensor = "arrow.fixed_shape_tensor";

    public static string KindName(ValueKind kind) => kind switch
    {
        ValueKind.Text => TextKind,
        ValueKind.Number => NumberKind,
        ValueKind.Flag => FlagKind,
        _ => JsonKind,
    };

    public static ArrowType TypeOf(DType dtype) => dtype switch
    {
        DType.Bool => BooleanType.Default,
        DType.UInt8 => UInt8Type.Default,
        DType.Int32 => Int32Type.Default,
        DType.Int64 => Int64Type.Default,
        DType.Float16 => HalfFloatType.Default,
        DType.Float32 => FloatType.Default,
        _ => DoubleType.Default,
    };

    /// <summary>The shape of one row as a JSON array, without the rows: <c>[3,4]</c>.</summary>
    public static string RowShape(ImmutableArray<int> shape) =>
        $"[{string.Join(',', shape.Skip(1).Select(dimension => dimension.ToString(CultureInfo.InvariantCulture)))}]";
}
