using System.Globalization;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Batches.Storage;
using Column = Fleet.Contracts.Batches.Column;

namespace Fleet.Contracts.Wire;

/// <summary>Writes a batch as an Arrow IPC stream with one record batch.</summary>
public static class BatchWriter
{
    /// <summary>The stream as bytes.</summary>
    public static byte[] Write(DataProto batch, WireOptions? options = null)
    {
        using var stream = new MemoryStream();
        Write(batch, stream, options);
        return stream.ToArray();
    }

    /// <summary>The stream behind what the stream given has already; it stays open.</summary>
    public static void Write(DataProto batch, Stream stream, WireOptions? options = null)
    {
        var fields = new List<Field>();
        var arrays = new List<IArrowArray>();
        foreach (var (key, column) in batch.Columns)
        {
            var (type, data, metadata) = Encode(column);
            fields.Add(new Field(key, type, column is ValueColumn, metadata));
            arrays.Add(ArrowArrayFactory.BuildArray(data));
        }

        var schemaMetadata = new Dictionary<string, string> { [WireFormat.VersionKey] = WireFormat.Version };
        if (batch.MetaInfo.Count > 0) schemaMetadata[WireFormat.MetaInfoKey] = JsonSerializer.Serialize<IReadOnlyDictionary<string, JsonElement>>(batch.MetaInfo);
        var schema = new Schema(fields, schemaMetadata);
        using var record = new RecordBatch(schema, arrays, batch.Length);
        using var writer = new ArrowStreamWriter(stream, schema, leaveOpen: true, Options(options ?? WireOptions.Default));
        writer.WriteRecordBatch(record);
        writer.WriteEnd();
    }

    private static IpcOptions Options(WireOptions options) => options.Compression == WireCompression.None ? new IpcOptions() : new IpcOptions
    {
        CompressionCodec = options.Compression == WireCompression.Lz4 ? CompressionCodecType.Lz4Frame : CompressionCodecType.Zstd,
        CompressionCodecFactory = new CompressionCodecFactory(),
    };

    private static (IArrowType, ArrayData, Dictionary<string, string>) Encode(Column column) => column switch
    {
        Tensor tensor when tensor.IsZero || tensor.ElementCount == 0 => Zeros(tensor),
        Tensor tensor => Dense(tensor),
        TokenColumn tokens => Tokens(tokens),
        ValueColumn values => Values(values),
        _ => throw new ArgumentOutOfRangeException(nameof(column)),
    };

    private static (IArrowType, ArrayData, Dictionary<string, string>) Zeros(Tensor tensor) => (
        NullType.Default,
        new ArrayData(NullType.Default, tensor.Length, tensor.Length, 0, System.Array.Empty<ArrowBuffer>()),
        new Dictionary<string, string>
        {
            [WireFormat.KindKey] = WireFormat.ZerosKind,
            [WireFormat.DTypeKey] = tensor.DType.Name(),
            [WireFormat.ShapeKey] = WireFormat.RowShape(tensor.Shape),
        });

    private static (IArrowType, ArrayData, Dictionary<string, string>) Dense(Tensor tensor)
    {
        var type = WireFormat.TypeOf(tensor.DType);
        var bytes = tensor.DType == DType.Bool ? Pack(tensor) : tensor.Data;
        var elements = new ArrayData(type, (int)tensor.ElementCount, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer(bytes)]);
        var metadata = new Dictionary<string, string> { [WireFormat.KindKey] = WireFormat.TensorKind };
        if (tensor.Shape.Length == 1) return (type, elements, metadata);

        metadata[WireFormat.ExtensionNameKey] = WireFormat.FixedShapeTensor;
        metadata[WireFormat.ExtensionMetadataKey] = $"{{\"shape\":{WireFormat.RowShape(tensor.Shape)}}}";
        var list = new FixedSizeListType(new Field("item", type, false), (int)(tensor.ElementCount / tensor.Length));
        return (list, new ArrayData(list, tensor.Length, 0, 0, [ArrowBuffer.Empty], [elements]), metadata);
    }

    private static byte[] Pack(Tensor tensor)
    {
        var flags = tensor.Data.Span;
        var packed = new byte[Bits.ByteCount(flags.Length)];
        for (int i = 0; i < flags.Length; i++) packed[i >> 3] |= (byte)((flags[i] == 0 ? 0 : 1) << (i & 7));
        return packed;
    }

    private static (IArrowType, ArrayData, Dictionary<string, string>) Tokens(TokenColumn tokens)
    {
        var (offsets, first, count) = Rebased(tokens);
        var ids = new ArrayData(Int32Type.Default, count, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer(tokens.IdBytes.Slice(first * 4, count * 4))]);
        var type = new ListType(new Field("item", Int32Type.Default, false));
        return (type, new ArrayData(type, tokens.Length, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer(offsets)], [ids]), new Dictionary<string, string>
        {
            [WireFormat.KindKey] = WireFormat.TokensKind,
            [WireFormat.WidthKey] = tokens.Width.ToString(CultureInfo.InvariantCulture),
            [WireFormat.PadSideKey] = tokens.PadSide == PadSide.Right ? WireFormat.Right : WireFormat.Left,
            [WireFormat.PadIdKey] = tokens.PadId.ToString(CultureInfo.InvariantCulture),
        });
    }

    private static (ReadOnlyMemory<byte> Offsets, int First, int Count) Rebased(TokenColumn tokens)
    {
        var offsets = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(tokens.OffsetBytes.Span);
        int first = offsets[0];
        int count = offsets[tokens.Length] - first;
        if (first == 0) return (tokens.OffsetBytes[..((tokens.Length + 1) * 4)], 0, count);
        var rebased = new byte[(tokens.Length + 1) * 4];
        var target = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(rebased.AsSpan());
        for (int i = 0; i < target.Length; i++) target[i] = offsets[i] - first;
        return (rebased, first, count);
    }

    private static (IArrowType, ArrayData, Dictionary<string, string>) Values(ValueColumn values)
    {
        var metadata = new Dictionary<string, string> { [WireFormat.KindKey] = WireFormat.KindName(values.Kind) };
        var valid = Bits.Validity(values.Length, row => !values.IsNull(row));
        int nulls = 0;
        for (int row = 0; row < values.Length; row++) nulls += values.IsNull(row) ? 1 : 0;
        var validity = nulls == 0 ? ArrowBuffer.Empty : new ArrowBuffer(valid.Aligned(values.Length));
        switch (values.Store)
        {
            case NumberStore numbers:
                return (DoubleType.Default, new ArrayData(DoubleType.Default, values.Length, nulls, 0, [validity, new ArrowBuffer(numbers.Values)]), metadata);
            case FlagStore flags:
                var bits = Bits.Pack(values.Length, row => flags[row] ?? false).Aligned(values.Length);
                return (BooleanType.Default, new ArrayData(BooleanType.Default, values.Length, nulls, 0, [validity, new ArrowBuffer(bits)]), metadata);
            default:
                var texts = (TextStore)values.Store;
                var offsets = new byte[(values.Length + 1) * 4];
                var bytes = new byte[texts.ByteCount];
                texts.CopyTo(bytes, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(offsets.AsSpan())[1..]);
                return (StringType.Default,
                    new ArrayData(StringType.Default, values.Length, nulls, 0, [validity, new ArrowBuffer(offsets), new ArrowBuffer(bytes)]), metadata);
        }
    }
}
