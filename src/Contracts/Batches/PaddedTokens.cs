using System.Globalization;
using System.Runtime.InteropServices;

namespace Fleet.Contracts.Batches;

/// <summary>From ragged token ids to the padded tensor that the reference has, and back.</summary>
internal static class PaddedTokens
{
    public static Tensor ToPadded(TokenColumn tokens)
    {
        var zeros = Tensor.Zeros(DType.Int64, tokens.Length, tokens.Width);
        var bytes = GC.AllocateUninitializedArray<byte>((int)zeros.ElementCount * sizeof(long));
        var padded = MemoryMarshal.Cast<byte, long>(bytes.AsSpan());
        for (int row = 0; row < tokens.Length; row++)
        {
            var ids = tokens.Row(row);
            var line = padded.Slice(row * tokens.Width, tokens.Width);
            var (start, end) = Filled(tokens, ids.Length);
            line[..start].Fill(tokens.PadId);
            line[end..].Fill(tokens.PadId);
            line = line[start..end];
            for (int i = 0; i < ids.Length; i++) line[i] = ids[i];
        }

        return Tensor.Wrap(DType.Int64, bytes, tokens.Length, tokens.Width);
    }

    public static Tensor ToMask(TokenColumn tokens)
    {
        var mask = new byte[Tensor.Zeros(DType.Bool, tokens.Length, tokens.Width).ElementCount];
        for (int row = 0; row < tokens.Length; row++)
        {
            var (start, end) = Filled(tokens, tokens.Row(row).Length);
            mask.AsSpan(row * tokens.Width)[start..end].Fill(1);
        }

        return Tensor.Wrap(DType.Bool, mask, tokens.Length, tokens.Width);
    }

    public static TokenColumn ToRagged(Tensor ids, Tensor? mask, PadSide padSide, int padId)
    {
        if (ids.Shape.Length != 2 || ids.DType is not (DType.Int64 or DType.Int32))
        {
            throw new FleetException($"Token ids cannot be {ids.Description}: give int64 or int32 of the shape [rows, width].");
        }

        if (mask is not null && !mask.Shape.AsSpan().SequenceEqual(ids.Shape.AsSpan()))
        {
            throw new BatchShapeException("mask", ids.Shape, mask.Shape, "a mask has the shape of the ids that it masks");
        }

        int width = ids.Shape[1];
        var narrow = Narrow(ids);
        var lengths = new int[ids.Length];
        long total = 0;
        for (int row = 0; row < lengths.Length; row++)
        {
            total += lengths[row] = mask is null
                ? UnpaddedLength(narrow.Slice(row * width, width), padSide, padId)
                : UnmaskedLength(mask, row, padSide);
        }

        var ragged = new TokenColumnBuilder(lengths.Length, total);
        for (int row = 0; row < lengths.Length; row++)
        {
            var line = narrow.Slice(row * width, width);
            ragged.Add(padSide == PadSide.Right ? line[..lengths[row]] : line[^lengths[row]..]);
        }

        return ragged.Build(width, padSide, padId);
    }

    private static (int Start, int End) Filled(TokenColumn tokens, int count) =>
        tokens.PadSide == PadSide.Right ? (0, count) : (tokens.Width - count, tokens.Width);

    private static ReadOnlySpan<int> Narrow(Tensor ids)
    {
        if (ids.DType == DType.Int32) return ids.Span<int>();
        var wide = ids.Span<long>();
        var narrow = new int[wide.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            long id = wide[i];
            if (id != (int)id)
            {
                throw new FleetException(string.Create(CultureInfo.InvariantCulture,
                    $"The id {id} at row {i / ids.Shape[1]}, position {i % ids.Shape[1]} is no token id: ids are 32-bit integers."));
            }

            narrow[i] = (int)id;
        }

        return narrow;
    }

    private static int UnpaddedLength(ReadOnlySpan<int> line, PadSide padSide, int padId)
    {
        if (padSide == PadSide.Right) return line.LastIndexOfAnyExcept(padId) + 1;
        int first = line.IndexOfAnyExcept(padId);
        return first < 0 ? 0 : line.Length - first;
    }

    private static int UnmaskedLength(Tensor mask, int row, PadSide padSide)
    {
        int width = mask.Shape[1], size = mask.DType.Size();
        if (mask.IsZero) return 0;
        // A mask is 0 or 1 in any type, and zero is all zero bytes in each of them.
        var line = mask.Data.Span.Slice(row * width * size, width * size);
        if (padSide == PadSide.Right)
        {
            int last = line.LastIndexOfAnyExcept((byte)0);
            return last < 0 ? 0 : (last / size) + 1;
        }

        int first = line.IndexOfAnyExcept((byte)0);
        return first < 0 ? 0 : width - (first / size);
    }
}
