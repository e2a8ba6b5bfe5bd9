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

/// <summary>Reads what <see cref="BatchWriter"/> wrote. The columns point into the bytes given, which nobody may change afterwards.</summary>
public static class BatchReader
{
    /// <summary>The batch.</summary>
    /// <exception cref="FleetException">The bytes are no batch, or one of a version unknown here.</exception>
    public static DataProto Read(ReadOnlyMemory<byte> bytes)
    {
        using var reader = new ArrowStreamReader(bytes, new CompressionCodecFactory());
        var record = reader.ReadNextRecordBatch();
        var schema = reader.Schema;
        if (schema.Metadata is null || !schema.Metadata.TryGetValue(WireFormat.VersionKey, out string? version) || version != WireFormat.Version)
        {
            throw new FleetException("version");
        }

        var meta = schema.Metadata.TryGetValue(WireFormat.MetaInfoKey, out string? json) ? MetaInfo.OfObject(JsonDocument.Parse(json).RootElement) : MetaInfo.Empty;
        var columns = new List<KeyValuePair<string, Column>>();
        for (int i = 0; i < record.ColumnCount; i++)
        {
            var field = schema.GetFieldByIndex(i);
            columns.Add(KeyValuePair.Create(field.Name, Decode(field, record.Column(i).Data)));
        }

        return DataProto.FromSingleDict(columns, meta);
    }

    private static Column Decode(Field field, ArrayData data)
    {
        switch (field.Metadata[WireFormat.KindKey])
        {
            case WireFormat.ZerosKind:
                return Tensor.Zeros(DTypes.Named(field.Metadata[WireFormat.DTypeKey])!.Value,
                    [data.Length, .. JsonSerializer.Deserialize<int[]>(field.Metadata[WireFormat.ShapeKey])!]);
            case WireFormat.TensorKind:
                var elements = data.DataType is FixedSizeListType ? data.Children[0] : data;
                var dtype = WireFormat.DTypeOf(elements.DataType)!.Value;
                int[] shape = [data.Length];
                if (data.DataType is FixedSizeListType)
                    shape = [data.Length, .. JsonDocument.Parse(field.Metadata[WireFormat.ExtensionMetadataKey]).RootElement.GetProperty("shape").EnumerateArray().Select(e => e.GetInt32())];
                if (dtype == DType.Bool)
                {
                    var bits = new Bits(elements.Buffers[1].Memory, 0);
                    var flags = new byte[elements.Length];
                    for (int i = 0; i < flags.Length; i++) flags[i] = bits[i] ? (byte)1 : (byte)0;
                    return Tensor.Wrap(dtype, flags, shape);
                }

                return Tensor.Wrap(dtype, elements.Buffers[1].Memory[..(elements.Length * dtype.Size())], shape);
            case WireFormat.TokensKind:
                return TokenColumn.Over(data.Length, data.Buffers[1].Memory, data.Children[0].Buffers[1].Memory,
                    int.Parse(field.Metadata[WireFormat.WidthKey], CultureInfo.InvariantCulture),
                    field.Metadata[WireFormat.PadSideKey] == WireFormat.Left ? PadSide.Left : PadSide.Right,
                    int.Parse(field.Metadata[WireFormat.PadIdKey], CultureInfo.InvariantCulture));
        }

        var valid = data.NullCount == 0 ? Bits.AllSet : new Bits(data.Buffers[0].Memory, 0);
        return field.Metadata[WireFormat.KindKey] switch
        {
            WireFormat.NumberKind => ValueColumn.Over(ValueKind.Number, new NumberStore(data.Length, data.Buffers[1].Memory, valid)),
            WireFormat.FlagKind => ValueColumn.Over(ValueKind.Flag, new FlagStore(data.Length, new Bits(data.Buffers[1].Memory, 0), valid)),
            WireFormat.TextKind => ValueColumn.Over(ValueKind.Text, new Utf8Store(data.Length, data.Buffers[1].Memory, data.Buffers[2].Memory, valid)),
            _ => ValueColumn.Over(ValueKind.Json, new Utf8Store(data.Length, data.Buffers[1].Memory, data.Buffers[2].Memory, valid)),
        };
    }
}
