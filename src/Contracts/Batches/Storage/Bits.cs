namespace Fleet.Contracts.Batches.Storage;

/// <summary>A run of bits, least significant first, as Arrow packs flags and validity. The empty form means "all set".</summary>
internal readonly struct Bits(ReadOnlyMemory<byte> bytes, int start)
{
    private readonly ReadOnlyMemory<byte> _bytes = bytes;
    private readonly int _start = start;

    public static Bits AllSet => default;

    public bool IsAllSet => _bytes.IsEmpty;

    public bool this[int index]
    {
        get
        {
            if (_bytes.IsEmpty) return true;
            int bit = _start + index;
            return (_bytes.Span[bit >> 3] & (1 << (bit & 7))) != 0;
        }
    }

    public static int ByteCount(int bits) => (bits + 7) >> 3;

    public static Bits Pack(int count, Func<int, bool> bit)
    {
        if (count == 0) return AllSet;
        var bytes = new byte[ByteCount(count)];
        for (int i = 0; i < count; i++)
        {
            if (bit(i)) bytes[i >> 3] |= (byte)(1 << (i & 7));
        }

        return new Bits(bytes, 0);
    }

    /// <summary>Validity: the all-set form where nothing is missing.</summary>
    public static Bits Validity(int count, Func<int, bool> isPresent)
    {
        for (int i = 0; i < count; i++)
        {
            if (!isPresent(i)) return Pack(count, isPresent);
        }

        return AllSet;
    }

    public Bits Slice(int start) => IsAllSet ? this : new Bits(_bytes, _start + start);

    /// <summary>The bytes of the first <paramref name="count"/> bits, beginning at bit 0 of byte 0.</summary>
    public ReadOnlyMemory<byte> Aligned(int count)
    {
        if ((_start & 7) == 0) return _bytes.Slice(_start >> 3, ByteCount(count));
        var self = this;
        return Pack(count, i => self[i])._bytes;
    }
}
