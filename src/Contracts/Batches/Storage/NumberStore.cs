using System.Runtime.InteropServices;

namespace Fleet.Contracts.Batches.Storage;

/// <summary>Numbers as float64, with a bit a row for "not null".</summary>
internal sealed class NumberStore(int length, ReadOnlyMemory<byte> values, Bits valid) : ValueStore(length)
{
    private readonly ReadOnlyMemory<byte> _values = values;
    private readonly Bits _valid = valid;

    public double? this[int row] => _valid[row] ? MemoryMarshal.Cast<byte, double>(_values.Span)[row] : null;

    public ReadOnlyMemory<byte> Values => _values;

    public Bits Valid => _valid;

    public static NumberStore Of(int length, Func<int, double?> value)
    {
        var bytes = new byte[length * sizeof(double)];
        var numbers = MemoryMarshal.Cast<byte, double>(bytes.AsSpan());
        for (int i = 0; i < length; i++) numbers[i] = value(i) ?? 0;
        return new NumberStore(length, bytes, Bits.Validity(length, i => value(i) is not null));
    }

    public override bool IsNull(int row) => !_valid[row];

    public override int BytesOf(int row) => sizeof(double);

    public override NumberStore Slice(int start, int length) =>
        new(length, _values.Slice(start * sizeof(double), length * sizeof(double)), _valid.Slice(start));

    public override NumberStore Gather(ReadOnlySpan<int> rows)
    {
        int[] order = rows.ToArray();
        return Of(order.Length, i => this[order[i]]);
    }
}
