namespace Fleet.Contracts.Batches.Storage;

/// <summary>Booleans, a bit a row, with another bit for "not null".</summary>
internal sealed class FlagStore(int length, Bits values, Bits valid) : ValueStore(length)
{
    private readonly Bits _values = values;
    private readonly Bits _valid = valid;

    public bool? this[int row] => _valid[row] ? _values[row] : null;

    public Bits Values => _values;

    public Bits Valid => _valid;

    public static FlagStore Of(int length, Func<int, bool?> value) =>
        new(length, Bits.Pack(length, i => value(i) ?? false), Bits.Validity(length, i => value(i) is not null));

    public override bool IsNull(int row) => !_valid[row];

    // A bit; the smallest whole number above it is close enough.
    public override int BytesOf(int row) => 1;

    public override FlagStore Slice(int start, int length) => new(length, _values.Slice(start), _valid.Slice(start));

    public override FlagStore Gather(ReadOnlySpan<int> rows)
    {
        int[] order = rows.ToArray();
        return Of(order.Length, i => this[order[i]]);
    }
}
