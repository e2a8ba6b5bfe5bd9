using System.Buffers.Binary;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;

namespace Fleet.Contracts.Wire;

/// <summary>Hands out the columns' lengths and buffers of one record batch in the order of the schema, each checked against the body.</summary>
internal sealed class ArrowBody
{
    private readonly (long Length, long Nulls)[] _nodes;
    private readonly (long Offset, long Length)[] _buffers;
    private readonly ReadOnlyMemory<byte> _body;
    private readonly ICompressionCodec? _codec;
    private long _decompressible = WireFormat.MostDecompressedBytes;
    private int _node;
    private int _buffer;

    public ArrowBody(ArrowMessage message)
    {
        if (message.Kind != ArrowMessageKind.RecordBatch || !FlatTable.Root(message.Header.Span).TryTable(2, out var batch))
        {
            throw WireException.Malformed($"a message of kind {(int)message.Kind} stands where the record batch is expected");
        }

        _body = message.Body;
        long rows = batch.Int64(0);
        Rows = rows is >= 0 and <= WireFormat.MostRows
            ? (int)rows
            : throw WireException.Malformed($"there are {rows} rows, and {WireFormat.MostRows} are the most");
        _nodes = Pairs(batch.Vector(1, 16));
        _buffers = Pairs(batch.Vector(2, 16));
        if (batch.TryTable(3, out var compression)) _codec = Codec(compression.Byte(0), compression.Byte(1));

        // Buffers do not overlap: a small message cannot stand for many large columns.
        long total = 0;
        foreach (var (offset, length) in _buffers)
        {
            if (offset < 0 || length < 0 || length > _body.Length || offset > _body.Length - length || (total += length) > _body.Length)
            {
                throw WireException.Malformed($"a buffer of {length} bytes at {offset} does not fit the body of {_body.Length} bytes");
            }
        }
    }

    /// <summary>The rows of every column.</summary>
    public int Rows { get; }

    /// <summary>The next column's length and how many of its values are null.</summary>
    public (int Length, int Nulls) NextNode(string column)
    {
        if (_node >= _nodes.Length) throw WireException.Malformed($"the record batch ends before column '{column}'");
        var (length, nulls) = _nodes[_node++];
        return length is >= 0 and <= int.MaxValue && nulls >= 0 && nulls <= length
            ? ((int)length, (int)nulls)
            : throw WireException.Malformed($"column '{column}' has {length} values of which {nulls} are null");
    }

    /// <summary>The next buffer, of which the first <paramref name="needed"/> bytes are used.</summary>
    public ReadOnlyMemory<byte> NextBuffer(string column, long needed)
    {
        if (_buffer >= _buffers.Length) throw WireException.Malformed($"the record batch ends before the buffers of column '{column}'");
        var (offset, length) = _buffers[_buffer++];
        var buffer = _body.Slice((int)offset, (int)length);
        if (needed == 0) return ReadOnlyMemory<byte>.Empty;
        if (_codec is not null) buffer = Decompress(buffer, column);
        return needed <= buffer.Length
            ? buffer[..(int)needed]
            : throw WireException.Malformed($"column '{column}' needs {needed} bytes and its buffer has {buffer.Length}");
    }

    /// <summary>Passes over a buffer that is not needed.</summary>
    public void SkipBuffer(string column) => NextBuffer(column, 0);

    private ReadOnlyMemory<byte> Decompress(ReadOnlyMemory<byte> buffer, string column)
    {
        if (buffer.Length < 8) throw WireException.Malformed($"a compressed buffer of column '{column}' has no length");
        long length = BinaryPrimitives.ReadInt64LittleEndian(buffer.Span);
        if (length == -1) return buffer[8..];
        if (length < 0 || length > _decompressible)
        {
            throw WireException.Malformed($"column '{column}' is to become {length} bytes, and a batch may become {WireFormat.MostDecompressedBytes}");
        }

        _decompressible -= length;
        var target = new byte[length];
        int written;
        try
        {
            written = _codec!.Decompress(buffer[8..], target);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // Each codec has exceptions of its own for bytes that it did not write.
            throw WireException.Malformed($"a compressed buffer of column '{column}' is damaged ({fault.Message})", fault);
        }

        return written == length
            ? target
            : throw WireException.Malformed($"a compressed buffer of column '{column}' became {written} bytes instead of {length}");
    }

    private static ICompressionCodec Codec(byte codec, byte method) => (codec, method) switch
    {
        (0, 0) => new CompressionCodecFactory().CreateCodec(CompressionCodecType.Lz4Frame),
        (1, 0) => new CompressionCodecFactory().CreateCodec(CompressionCodecType.Zstd),
        _ => throw WireException.Malformed($"compression {codec} with method {method} is unknown"),
    };

    private static (long, long)[] Pairs(FlatTable.FlatVector vector)
    {
        var pairs = new (long, long)[vector.Count];
        for (int i = 0; i < pairs.Length; i++) pairs[i] = (vector.Int64(i, 0), vector.Int64(i, 8));
        return pairs;
    }
}
