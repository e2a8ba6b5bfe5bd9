using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Fleet.Contracts.Batches;

/// <summary>Token ids, a row as long as it is: the ragged form of a padded int64 tensor, about a seventh of its bytes.</summary>
/// <remarks>Shape: [B, W] when padded; W (<see cref="Width"/>) is at least the longest row. Units: tokens.</remarks>
public sealed class TokenColumn : BatchColumn
{
    private readonly ReadOnlyMemory<byte> _offsets; // int32 [B + 1], rising, not always from zero
    private readonly ReadOnlyMemory<byte> _ids;     // int32

    private TokenColumn(int length, ReadOnlyMemory<byte> offsets, ReadOnlyMemory<byte> ids, int width, PadSide padSide, int padId) : base(length)
    {
        _offsets = offsets;
        _ids = ids;
        Width = width;
        PadSide = padSide;
        PadId = padId;
    }

    /// <summary>The tokens of a row of the padded form.</summary>
    public int Width { get; }

    /// <summary>Where the padded form has its padding.</summary>
    public PadSide PadSide { get; }

    /// <summary>The id that pads.</summary>
    public int PadId { get; }

    /// <inheritdoc/>
    public override DType DType => DType.Int64;

    /// <inheritdoc/>
    public override ImmutableArray<int> Shape => [Length, Width];

    /// <summary>The ids of all rows together.</summary>
    public int TokenCount => Offsets[Length] - Offsets[0];

    internal override string Description => $"tokens [{Length}, {Width}]";

    internal ReadOnlyMemory<byte> OffsetBytes => _offsets;

    internal ReadOnlyMemory<byte> IdBytes => _ids;

    private ReadOnlySpan<int> Offsets => MemoryMarshal.Cast<byte, int>(_offsets.Span);

    private ReadOnlySpan<int> Ids => MemoryMarshal.Cast<byte, int>(_ids.Span);

    /// <summary>A column with a copy of the rows.</summary>
    /// <param name="rows">The ids of each row, without padding.</param>
    /// <param name="width">The padded width; left out, the longest row.</param>
    /// <param name="padSide">Where the padded form has its padding.</param>
    /// <param name="padId">The id that pads.</param>
    /// <exception cref="FleetException">A row is longer than the width.</exception>
    public static TokenColumn Of(IReadOnlyList<int[]> rows, int? width = null, PadSide padSide = PadSide.Right, int padId = 0)
    {
        var rowsAndIds = new TokenColumnBuilder(rows.Count, rows.Sum(row => (long)row.Length));
        foreach (int[] row in rows) rowsAndIds.Add(row);
        return rowsAndIds.Build(width, padSide, padId);
    }

    /// <summary>The ragged form of a padded tensor.</summary>
    /// <param name="ids">Int64 or int32 [B, W].</param>
    /// <param name="mask">[B, W] of any type: the padding of a row is what it has zero from the padded end inwards. Left out, the run of
    /// <paramref name="padId"/> at that end is the padding.</param>
    /// <param name="padSide">The padded end.</param>
    /// <param name="padId">The id that pads.</param>
    /// <exception cref="BatchShapeException">The mask has another shape.</exception>
    /// <exception cref="FleetException">The ids are no integers, not two-dimensional, or outside int32.</exception>
    public static TokenColumn FromPadded(Tensor ids, Tensor? mask = null, PadSide padSide = PadSide.Right, int padId = 0) =>
        PaddedTokens.ToRagged(ids, mask, padSide, padId);

    /// <summary>The ids of one row, without padding.</summary>
    public ReadOnlySpan<int> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Length, nameof(row));
        var offsets = Offsets;
        return Ids[offsets[row]..offsets[row + 1]];
    }

    /// <summary>The padded form. Shape: int64 [B, W].</summary>
    public Tensor ToPadded() => PaddedTokens.ToPadded(this);

    /// <summary>Which positions of the padded form hold tokens. Shape: bool [B, W].</summary>
    public Tensor ToMask() => PaddedTokens.ToMask(this);

    /// <inheritdoc/>
    public override Tensor ToTensor() => ToPadded();

    /// <inheritdoc/>
    public override bool ContentEquals(Column? other)
    {
        if (other is not TokenColumn tokens || tokens.Length != Length || tokens.Width != Width || tokens.PadSide != PadSide
            || tokens.PadId != PadId || tokens.TokenCount != TokenCount)
        {
            return false;
        }

        for (int row = 0; row < Length; row++)
        {
            if (!Row(row).SequenceEqual(tokens.Row(row))) return false;
        }

        return true;
    }

    /// <summary>A column over storage that nobody changes and whose offsets are known to rise within the ids.</summary>
    internal static TokenColumn Over(int length, ReadOnlyMemory<byte> offsets, ReadOnlyMemory<byte> ids, int width, PadSide padSide, int padId) =>
        new(length, offsets, ids, width, padSide, padId);

    internal override void AddRowBytes(Span<long> bytes)
    {
        for (int row = 0; row < Length; row++) bytes[row] += (long)Row(row).Length * sizeof(int);
    }

    internal override TokenColumn SliceRows(int start, int length) =>
        new(length, _offsets.Slice(start * sizeof(int), (length + 1) * sizeof(int)), _ids, Width, PadSide, PadId);

    internal override TokenColumn GatherRows(ReadOnlySpan<int> rows)
    {
        long total = 0;
        foreach (int row in rows) total += Row(row).Length;
        var gathered = new TokenColumnBuilder(rows.Length, total);
        foreach (int row in rows) gathered.Add(Row(row));
        return gathered.Build(Width, PadSide, PadId);
    }

    internal override TokenColumn ConcatRows(string key, IReadOnlyList<Column> parts)
    {
        int rows = 0, width = 0;
        long total = 0;
        foreach (var part in parts)
        {
            if (part is not TokenColumn tokens || tokens.PadSide != PadSide || tokens.PadId != PadId)
            {
                string form = part is TokenColumn other ? $"padded {other.PadSide} with {other.PadId}" : part.Description;
                throw new BatchShapeException(key, [part.Length, Width], part.FullShape,
                    $"it is {form} in one part and tokens padded {PadSide} with {PadId} in the first, so the parts cannot be joined");
            }

            rows = checked(rows + tokens.Length);
            width = Math.Max(width, tokens.Width);
            total += tokens.TokenCount;
        }

        var joined = new TokenColumnBuilder(rows, total);
        foreach (TokenColumn part in parts.Cast<TokenColumn>())
        {
            for (int row = 0; row < part.Length; row++) joined.Add(part.Row(row));
        }

        return joined.Build(width, PadSide, PadId);
    }
}
