using System.Buffers.Binary;

namespace Fleet.Contracts.Wire;

/// <summary>One message of an Arrow IPC stream: a FlatBuffers header, and the body that the header describes.</summary>
/// <param name="Kind">What the header is.</param>
/// <param name="Header">The FlatBuffers bytes; the root table is Arrow's Message.</param>
/// <param name="Body">The buffers of the columns.</param>
internal readonly record struct ArrowMessage(ArrowMessageKind Kind, ReadOnlyMemory<byte> Header, ReadOnlyMemory<byte> Body)
{
    private const int Continuation = -1;

    /// <summary>The next message, or null at the end; <paramref name="rest"/> moves on.</summary>
    public static ArrowMessage? Next(ref ReadOnlyMemory<byte> rest)
    {
        if (rest.IsEmpty) return null;
        if (rest.Length < 8 || BinaryPrimitives.ReadInt32LittleEndian(rest.Span) != Continuation)
        {
            throw WireException.Malformed($"a message of an Arrow stream begins with FF FF FF FF and a length, which byte {rest.Length} from the end does not");
        }

        int headerLength = BinaryPrimitives.ReadInt32LittleEndian(rest.Span[4..]);
        if (headerLength == 0) return null;
        var header = Take(ref rest, 8, headerLength, "header");
        var message = FlatTable.Root(header.Span);
        var body = Take(ref rest, 0, message.Int64(3), "body");
        return new ArrowMessage((ArrowMessageKind)message.Byte(1), header, body);
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> rest, int skip, long length, string what)
    {
        if (length < 0 || length > rest.Length - skip)
        {
            throw WireException.Malformed($"a {what} of {length} bytes is announced where {rest.Length - skip} are left");
        }

        var taken = rest.Slice(skip, (int)length);
        rest = rest[(skip + (int)length)..];
        return taken;
    }
}

/// <summary>Arrow's kinds of message, by their numbers.</summary>
internal enum ArrowMessageKind : byte
{
    /// <summary>The columns.</summary>
    Schema = 1,

    /// <summary>Values of a dictionary-encoded column, which no batch has.</summary>
    DictionaryBatch = 2,

    /// <summary>The values.</summary>
    RecordBatch = 3,
}
