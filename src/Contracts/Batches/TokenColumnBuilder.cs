using System.Runtime.InteropServices;

namespace Fleet.Contracts.Batches;

/// <summary>Collects rows of ids into the two buffers of a <see cref="TokenColumn"/>.</summary>
internal sealed class TokenColumnBuilder
{
    private readonly byte[] _offsets;
    private readonly byte[] _ids;
    private int _rows;
    private int _tokens;
    private int _longest;

    public TokenColumnBuilder(int rows, long tokens)
    {
        if (tokens > Array.MaxLength / sizeof(int))
        {
            throw new FleetException(
                $"A column of {tokens} tokens is larger than {Array.MaxLength / sizeof(int)} tokens: cut the batch into fewer rows.");
        }

        _offsets = new byte[(rows + 1) * sizeof(int)];
        _ids = GC.AllocateUninitializedArray<byte>((int)tokens * sizeof(int));
    }

    public void Add(ReadOnlySpan<int> row)
    {
        row.CopyTo(MemoryMarshal.Cast<byte, int>(_ids.AsSpan())[_tokens..]);
        _tokens += row.Length;
        _longest = Math.Max(_longest, row.Length);
        MemoryMarshal.Cast<byte, int>(_offsets.AsSpan())[++_rows] = _tokens;
    }

    public TokenColumn Build(int? width, PadSide padSide, int padId)
    {
        if (width < _longest)
        {
            throw new FleetException($"A row of {_longest} tokens does not fit the padded width {width}: give a width of at least {_longest}.");
        }

        return TokenColumn.Over(_rows, _offsets, _ids, width ?? _longest, padSide, padId);
    }
}
