namespace Fleet.Contracts.Batches.Storage;

/// <summary>How the values of one kind are kept: one subclass a form of memory.</summary>
internal abstract class ValueStore(int length)
{
    public int Length { get; } = length;

    public abstract bool IsNull(int row);

    /// <summary>What a row takes on the wire.</summary>
    public abstract int BytesOf(int row);

    public abstract ValueStore Slice(int start, int length);

    public abstract ValueStore Gather(ReadOnlySpan<int> rows);
}

/// <summary>Text or JSON text.</summary>
internal abstract class TextStore(int length) : ValueStore(length)
{
    /// <summary>The text of a row, or null.</summary>
    public abstract string? this[int row] { get; }

    /// <summary>The texts as Arrow has them: int32 offsets [rows + 1] from zero, and UTF-8.</summary>
    public abstract (ReadOnlyMemory<byte> Offsets, ReadOnlyMemory<byte> Bytes) Utf8();

    /// <summary>The stores one after the other, without decoding any text.</summary>
    public static TextStore Concat(IReadOnlyList<TextStore> parts) => parts.All(part => part is StringStore)
        ? StringStore.Join([.. parts.Cast<StringStore>()])
        : Utf8Store.Join(parts);
}
