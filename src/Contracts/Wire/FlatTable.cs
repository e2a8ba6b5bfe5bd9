using System.Buffers.Binary;

namespace Fleet.Contracts.Wire;

/// <summary>One table of a FlatBuffers message. Every read is checked against the end of the message, whatever its offsets say.</summary>
/// <remarks>
/// Apache.Arrow's own reader follows the offsets of a message as deep as they lead, cycles included, and reserves memory for the
/// counts that it finds; bytes from a queue may say anything. So the few tables of a batch are read here.
/// </remarks>
internal readonly ref struct FlatTable
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly int _start;
    private readonly int _vtable;
    private readonly int _vtableSize;

    private FlatTable(ReadOnlySpan<byte> message, int start)
    {
        _message = message;
        _start = start;
        _vtable = Within(message, (long)start - Int32(message, start), 4);
        _vtableSize = UInt16(message, _vtable);
        Within(message, _vtable, _vtableSize);
    }

    public static FlatTable Root(ReadOnlySpan<byte> message) => new(message, Follow(message, 0));

    public byte Byte(int field, byte absent = 0) => Position(field) is var at and > 0 ? _message[Within(_message, at, 1)] : absent;

    public short Int16(int field) => Position(field) is var at and > 0 ? (short)UInt16(_message, at) : (short)0;

    public int Int32(int field) => Position(field) is var at and > 0 ? Int32(_message, at) : 0;

    public long Int64(int field) => Position(field) is var at and > 0
        ? BinaryPrimitives.ReadInt64LittleEndian(_message[Within(_message, at, 8)..])
        : 0;

    public bool TryTable(int field, out FlatTable table)
    {
        int at = Position(field);
        table = at > 0 ? new FlatTable(_message, Follow(_message, at)) : default;
        return at > 0;
    }

    /// <summary>UTF-8, without copying; empty where the field is absent.</summary>
    public ReadOnlySpan<byte> Text(int field) => Vector(field, 1).Bytes;

    /// <summary>A vector of elements of so many bytes each; empty where the field is absent.</summary>
    public FlatVector Vector(int field, int elementSize)
    {
        int at = Position(field);
        if (at == 0) return default;
        at = Follow(_message, at);
        long count = (uint)Int32(_message, at);
        Within(_message, at + 4L, count * elementSize);
        return new FlatVector(_message, at + 4, (int)count, elementSize);
    }

    private int Position(int field)
    {
        int entry = 4 + (2 * field);
        if (entry + 2 > _vtableSize) return 0;
        int offset = UInt16(_message, _vtable + entry);
        return offset == 0 ? 0 : Within(_message, (long)_start + offset, 1);
    }

    private static int Follow(ReadOnlySpan<byte> message, int at) => Within(message, at + (long)(uint)Int32(message, at), 4);

    private static int Int32(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadInt32LittleEndian(message[Within(message, at, 4)..]);

    private static ushort UInt16(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt16LittleEndian(message[Within(message, at, 2)..]);

    private static int Within(ReadOnlySpan<byte> message, long at, long count) => at >= 0 && count >= 0 && at <= message.Length - count
        ? (int)at
        : throw WireException.Malformed($"a header of {message.Length} bytes points to byte {at}");

    /// <summary>Elements of one size behind one another.</summary>
    internal readonly ref struct FlatVector(ReadOnlySpan<byte> message, int start, int count, int elementSize)
    {
        private readonly ReadOnlySpan<byte> _message = message;

        public int Count { get; } = count;

        public ReadOnlySpan<byte> Bytes => Count == 0 ? default : _message.Slice(start, Count * elementSize);

        public FlatTable Table(int index) => new(_message, Follow(_message, start + (index * elementSize)));

        public long Int64(int index, int offset) => BinaryPrimitives.ReadInt64LittleEndian(Bytes[((index * elementSize) + offset)..]);
    }
}
