namespace Fleet.Contracts.Batches.Storage;

/// <summary>How the values of one kind are kept: one subclass a form of memory.</summary>
internal abstract class ValueStore(int length)
{
    public int Length { get; } = length;

    public abstract bool IsNull(int row);

    public abstract ValueStore Slice(int start, int length);

    public abstract ValueStore Gather(ReadOnlySpan<int> rows);
}

/// <summary>Text or JSON text.</summary>
internal abstract class TextStore(int length) : ValueStore(length)
{
    /// <summary>The text of a row, or null.</summary>
    public abstract string? this[int row] { get; }

    /// <summary>UTF-8 bytes of all rows.</summary>
    public abstract long ByteCount { get; }

    /// <summary>Writes the rows one after the other; <paramref name="ends"/> gets where each ends, counted from the start of <paramref name="bytes"/>.</summary>
    public abstract void CopyTo(Span<byte> bytes, Span<int> ends);

    /// <summary>The stores one after the other, without decoding any text.</summary>
    public static TextStore Concat(IReadOnlyList<TextStore> parts)
    {
        if (parts.All(part => part is StringStore)) return StringStore.Join([.. parts.Cast<StringStore>()]);
        return Utf8Store.Join(parts);
    }
}
