using System.Runtime.InteropServices;
using System.Text;

namespace Fleet.Contracts.Batches.Storage;

/// <summary>Texts as they came from the wire: decoded when a row is asked for, not before.</summary>
/// <param name="length">The rows.</param>
/// <param name="offsets">Int32 [rows + 1], rising, within <paramref name="bytes"/>.</param>
/// <param name="bytes">UTF-8.</param>
/// <param name="valid">Which rows are not null.</param>
internal sealed class Utf8Store(int length, ReadOnlyMemory<byte> offsets, ReadOnlyMemory<byte> bytes, Bits valid) : TextStore(length)
{
    private readonly ReadOnlyMemory<byte> _offsets = offsets;
    private readonly ReadOnlyMemory<byte> _bytes = bytes;
    private readonly Bits _valid = valid;

    private ReadOnlySpan<int> Offsets => MemoryMarshal.Cast<byte, int>(_offsets.Span);

    public override string? this[int row] => _valid[row] ? Encoding.UTF8.GetString(Bytes(row)) : null;

    public override bool IsNull(int row) => !_valid[row];

    public override int BytesOf(int row) => Bytes(row).Length;

    private ReadOnlySpan<byte> Bytes(int row)
    {
        var offsets = Offsets;
        return _bytes.Span[offsets[row]..offsets[row + 1]];
    }

    public override (ReadOnlyMemory<byte> Offsets, ReadOnlyMemory<byte> Bytes) Utf8()
    {
        var (offsets, first) = Storage.Offsets.Rebase(_offsets, Length);
        return (offsets, _bytes[first..Offsets[Length]]);
    }

    public override Utf8Store Slice(int start, int length) =>
        new(length, _offsets.Slice(start * sizeof(int), (length + 1) * sizeof(int)), _bytes, _valid.Slice(start));

    public override Utf8Store Gather(ReadOnlySpan<int> rows)
    {
        long total = 0;
        foreach (int row in rows) total += Bytes(row).Length;
        var offsetBytes = new byte[(rows.Length + 1) * sizeof(int)];
        var ends = MemoryMarshal.Cast<byte, int>(offsetBytes.AsSpan());
        var bytes = Allocate(total);
        for (int i = 0; i < rows.Length; i++)
        {
            var text = Bytes(rows[i]);
            text.CopyTo(bytes.AsSpan(ends[i]));
            ends[i + 1] = ends[i] + text.Length;
        }

        int[] order = rows.ToArray();
        return new Utf8Store(rows.Length, offsetBytes, bytes, Bits.Validity(order.Length, i => _valid[order[i]]));
    }

    public static Utf8Store Join(IReadOnlyList<TextStore> parts)
    {
        var encoded = parts.Select(part => (Store: part, Utf8: part.Utf8())).ToList();
        int rows = parts.Sum(part => part.Length);
        var offsetBytes = new byte[(rows + 1) * sizeof(int)];
        var offsets = MemoryMarshal.Cast<byte, int>(offsetBytes.AsSpan());
        byte[] bytes = Allocate(encoded.Sum(part => (long)part.Utf8.Bytes.Length));
        var present = new bool[rows];
        int at = 0, row = 0;
        foreach (var (store, utf8) in encoded)
        {
            utf8.Bytes.Span.CopyTo(bytes.AsSpan(at));
            var own = MemoryMarshal.Cast<byte, int>(utf8.Offsets.Span);
            for (int i = 0; i < store.Length; i++)
            {
                present[row] = !store.IsNull(i);
                offsets[++row] = at + own[i + 1];
            }

            at += utf8.Bytes.Length;
        }

        return new Utf8Store(rows, offsetBytes, bytes, Bits.Validity(rows, i => present[i]));
    }

    public static byte[] Allocate(long bytes) => bytes <= Array.MaxLength
        ? GC.AllocateUninitializedArray<byte>((int)bytes)
        : throw new FleetException($"A text column of {bytes} bytes is larger than {Array.MaxLength} bytes: cut the batch into fewer rows.");
}
