using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Batches.Storage;

namespace Fleet.Contracts.Wire;

/// <summary>Makes one column of the buffers of a record batch. Values stay where they are, flags of tensors apart.</summary>
internal static class ColumnReader
{
    public static Column Read(ArrowField field, ArrowBody body)
    {
        string kind = field[WireFormat.KindKey];
        var (length, nulls) = body.NextNode(field.Name);
        if (length != body.Rows)
        {
            throw new BatchShapeException(field.Name, [body.Rows], [length], "a column of the record batch has other rows than the batch");
        }

        return (kind, field.Layout) switch
        {
            (WireFormat.ZerosKind, ArrowLayout.Null) => Zeros(field, length),
            (WireFormat.TensorKind, ArrowLayout.Flat) => FlatTensor(field, body, length, nulls),
            (WireFormat.TensorKind, ArrowLayout.FixedSizeList) => Tensor(field, body, length, nulls),
            (WireFormat.TokensKind, ArrowLayout.List) => Tokens(field, body, length, nulls),
            (WireFormat.TextKind, ArrowLayout.Utf8) => Texts(ValueKind.Text, field, body, length, nulls),
            (WireFormat.JsonKind, ArrowLayout.Utf8) => Texts(ValueKind.Json, field, body, length, nulls),
            (WireFormat.NumberKind, ArrowLayout.Flat) when field.Element == DType.Float64 => Numbers(field, body, length, nulls),
            (WireFormat.FlagKind, ArrowLayout.Flat) when field.Element == DType.Bool => Flags(field, body, length, nulls),
            _ => throw Malformed(field, $"is of the kind {Quoted.Clip(kind)}, which is not laid out as {field.Layout} {field.Element}"),
        };
    }

    private static Tensor Zeros(ArrowField field, int length)
    {
        var dtype = DTypes.Named(field[WireFormat.DTypeKey]) ?? throw Malformed(field, $"has the unknown type {Quoted.Clip(field[WireFormat.DTypeKey])}");
        return Batches.Tensor.Zeros(dtype, [length, .. RowShape(field, field[WireFormat.ShapeKey])]);
    }

    private static Tensor FlatTensor(ArrowField field, ArrowBody body, int length, int nulls)
    {
        var elements = Elements(field, body, length, nulls);
        return Batches.Tensor.Wrap(field.Element!.Value, elements, length);
    }

    private static Tensor Tensor(ArrowField field, ArrowBody body, int length, int nulls)
    {
        if (nulls > 0) throw Malformed(field, $"is a tensor with {nulls} nulls");
        int[] rowShape = RowShape(field, field[WireFormat.ExtensionMetadataKey]);
        long rowElements = rowShape.Aggregate(1L, (product, dimension) => Math.Min(product * dimension, int.MaxValue + 1L));
        body.SkipBuffer(field.Name);
        var (elements, elementNulls) = body.NextNode(field.Name);
        if (rowElements != field.ListSize || elements != rowElements * length)
        {
            throw new BatchShapeException(field.Name, [length, .. rowShape], [length, field.ListSize],
                $"its rows are lists of {field.ListSize}, {elements} elements together, which its shape does not say");
        }

        return Batches.Tensor.Wrap(field.Element!.Value, Elements(field, body, elements, elementNulls), [length, .. rowShape]);
    }

    private static ReadOnlyMemory<byte> Elements(ArrowField field, ArrowBody body, int count, int nulls)
    {
        if (nulls > 0) throw Malformed(field, $"is a tensor with {nulls} nulls");
        body.SkipBuffer(field.Name);
        if (field.Element != DType.Bool) return body.NextBuffer(field.Name, (long)count * field.Element!.Value.Size());
        return FlagBytes.Unpack(body.NextBuffer(field.Name, Bits.ByteCount(count)).Span, count);
    }

    private static TokenColumn Tokens(ArrowField field, ArrowBody body, int length, int nulls)
    {
        if (nulls > 0 || field.Element != DType.Int32) throw Malformed(field, $"holds tokens as {field.Element} with {nulls} nulls instead of as int32");
        body.SkipBuffer(field.Name);
        var offsets = Offsets(field, body, length, out int longest);
        var (tokens, tokenNulls) = body.NextNode(field.Name);
        if (tokenNulls > 0) throw Malformed(field, $"holds {tokenNulls} null tokens");
        CheckEnd(field, offsets, length, tokens);
        body.SkipBuffer(field.Name);
        var ids = body.NextBuffer(field.Name, (long)tokens * sizeof(int));

        int width = Integer(field, WireFormat.WidthKey);
        if (width < longest || width > WireFormat.MostWidth) throw Malformed(field, $"has a row of {longest} tokens in the padded width {width}");
        var padSide = field[WireFormat.PadSideKey] switch
        {
            WireFormat.Right => PadSide.Right,
            WireFormat.Left => PadSide.Left,
            var other => throw Malformed(field, $"is padded on the side {Quoted.Clip(other)}"),
        };
        return TokenColumn.Over(length, offsets, ids, width, padSide, Integer(field, WireFormat.PadIdKey));
    }

    private static ValueColumn Texts(ValueKind kind, ArrowField field, ArrowBody body, int length, int nulls)
    {
        var valid = Validity(field, body, length, nulls);
        var offsets = Offsets(field, body, length, out _);
        int bytes = MemoryMarshal.Cast<byte, int>(offsets.Span)[length];
        return ValueColumn.Over(kind, new Utf8Store(length, offsets, body.NextBuffer(field.Name, bytes), valid));
    }

    private static ValueColumn Numbers(ArrowField field, ArrowBody body, int length, int nulls)
    {
        var valid = Validity(field, body, length, nulls);
        return ValueColumn.Over(ValueKind.Number, new NumberStore(length, body.NextBuffer(field.Name, (long)length * sizeof(double)), valid));
    }

    private static ValueColumn Flags(ArrowField field, ArrowBody body, int length, int nulls)
    {
        var valid = Validity(field, body, length, nulls);
        return ValueColumn.Over(ValueKind.Flag, new FlagStore(length, new Bits(body.NextBuffer(field.Name, Bits.ByteCount(length)), 0), valid));
    }

    private static Bits Validity(ArrowField field, ArrowBody body, int length, int nulls)
    {
        var bits = body.NextBuffer(field.Name, nulls == 0 ? 0 : Bits.ByteCount(length));
        return nulls == 0 ? Bits.AllSet : new Bits(bits, 0);
    }

    /// <summary>Offsets that rise from zero or more; Arrow lets a column of no rows leave them out.</summary>
    private static ReadOnlyMemory<byte> Offsets(ArrowField field, ArrowBody body, int length, out int longest)
    {
        longest = 0;
        var bytes = body.NextBuffer(field.Name, length == 0 ? 0 : (length + 1L) * sizeof(int));
        if (length == 0) return new byte[sizeof(int)];

        var offsets = MemoryMarshal.Cast<byte, int>(bytes.Span);
        int previous = offsets[0];
        if (previous < 0) throw Malformed(field, $"begins at the offset {previous}");
        for (int row = 1; row < offsets.Length; row++)
        {
            if (offsets[row] < previous) throw Malformed(field, $"ends row {row - 1} at {offsets[row]}, before it begins at {previous}");
            longest = Math.Max(longest, offsets[row] - previous);
            previous = offsets[row];
        }

        return bytes;
    }

    private static void CheckEnd(ArrowField field, ReadOnlyMemory<byte> offsets, int length, int elements)
    {
        int end = MemoryMarshal.Cast<byte, int>(offsets.Span)[length];
        if (end > elements) throw Malformed(field, $"ends at element {end} of {elements}");
    }

    private static int Integer(ArrowField field, string attribute) =>
        int.TryParse(field[attribute], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw Malformed(field, $"has {Quoted.Clip(field[attribute])} where {attribute} is an integer");

    /// <summary>A shape without the rows: a JSON array, or the member <c>shape</c> of an object that says nothing else of the order.</summary>
    private static int[] RowShape(ArrowField field, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var shape = document.RootElement;
            if (shape.ValueKind == JsonValueKind.Object)
            {
                if (shape.TryGetProperty("permutation", out _)) throw Malformed(field, "is a permuted tensor");
                shape = shape.GetProperty("shape");
            }

            int[] dimensions = [.. shape.EnumerateArray().Select(dimension => dimension.GetInt32())];
            if (dimensions.All(dimension => dimension >= 0)) return dimensions;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw WireException.Malformed($"column {Quoted.Clip(field.Name)} has the shape {Quoted.Clip(json)}", fault);
        }

        throw Malformed(field, $"has the shape {Quoted.Clip(json)}");
    }

    private static WireException Malformed(ArrowField field, string fault) => WireException.Malformed($"column {Quoted.Clip(field.Name)} {fault}");
}
