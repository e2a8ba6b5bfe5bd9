using System.Buffers;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Fleet.Contracts.Batches;

namespace Fleet.Contracts.Wire;

/// <summary>Writes a batch as an Arrow IPC stream with one record batch; docs/wire-format.md describes it.</summary>
public static class BatchWriter
{
    /// <summary>The stream as bytes.</summary>
    public static byte[] Write(DataProto batch, WireOptions? options = null)
    {
        var columns = Encode(batch);
        using var stream = new MemoryStream(EstimatedBytes(columns, batch.Length));
        Write(batch, columns, stream, options);
        return stream.Length == stream.Capacity ? stream.GetBuffer() : stream.ToArray();
    }

    /// <summary>The stream, written to the end of what the stream given has; it stays open.</summary>
    public static void Write(DataProto batch, Stream stream, WireOptions? options = null) => Write(batch, Encode(batch), stream, options);

    /// <summary>The stream, written to the end of what the buffer given has.</summary>
    public static void Write(DataProto batch, IBufferWriter<byte> buffer, WireOptions? options = null)
    {
        using var stream = new BufferWriterStream(buffer);
        Write(batch, Encode(batch), stream, options);
    }

    private static void Write(DataProto batch, List<ArrowColumn> columns, Stream stream, WireOptions? options)
    {
        var schema = new Schema([.. columns.Select(column => column.Field)], Metadata(batch));
        using var record = new RecordBatch(schema, columns.Select(column => ArrowArrayFactory.BuildArray(column.Data)), batch.Length);
        using var writer = new ArrowStreamWriter(stream, schema, leaveOpen: true, Options(options ?? WireOptions.Default));
        writer.WriteRecordBatch(record);
        writer.WriteEnd();
    }

    private static List<ArrowColumn> Encode(DataProto batch) => [.. batch.Columns.Select(entry => ColumnWriter.Encode(entry.Key, entry.Value))];

    private static Dictionary<string, string> Metadata(DataProto batch)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [WireFormat.VersionKey] = WireFormat.Version };
        if (batch.MetaInfo.Count > 0)
        {
            metadata[WireFormat.MetaInfoKey] = JsonSerializer.Serialize<IReadOnlyDictionary<string, JsonElement>>(batch.MetaInfo);
        }

        return metadata;
    }

    /// <summary>The buffers and a little more for the headers: too little costs one more copy, nothing else.</summary>
    private static int EstimatedBytes(List<ArrowColumn> columns, int rows)
    {
        long bytes = 512;
        foreach (var column in columns) bytes += 512 + BufferBytes(column.Data);
        return bytes <= System.Array.MaxLength
            ? (int)bytes
            : throw new FleetException($"A batch of {rows} rows takes {bytes} bytes, and {System.Array.MaxLength} are the most: cut it into fewer rows.");
    }

    private static long BufferBytes(ArrayData data) =>
        data.Buffers.Sum(buffer => (long)buffer.Length) + (data.Children?.Sum(BufferBytes) ?? 0);

    private static IpcOptions? Options(WireOptions options) => options.Compression switch
    {
        WireCompression.Lz4 => Compressing(CompressionCodecType.Lz4Frame),
        WireCompression.Zstd => Compressing(CompressionCodecType.Zstd),
        _ => null,
    };

    private static IpcOptions Compressing(CompressionCodecType codec) =>
        new() { CompressionCodec = codec, CompressionCodecFactory = new CompressionCodecFactory() };
}
