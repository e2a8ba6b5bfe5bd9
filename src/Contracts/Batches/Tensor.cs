using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Fleet.Contracts.Batches;

/// <summary>A dense array of numbers whose dimension 0 is the rows of its batch.</summary>
/// <remarks>Shape: [B, ...], at least one dimension. Elements are row-major and little endian.</remarks>
public sealed class Tensor : BatchColumn
{
    private ReadOnlyMemory<byte> _data;
    private volatile bool _hasData;

    private Tensor(DType dtype, ImmutableArray<int> shape, ReadOnlyMemory<byte>? data) : base(shape[0])
    {
        DType = dtype;
        Shape = shape;
        IsZero = data is null;
        _hasData = data is not null;
        _data = data ?? default;
    }

    /// <inheritdoc/>
    public override DType DType { get; }

    /// <inheritdoc/>
    public override ImmutableArray<int> Shape { get; }

    /// <summary>Whether this is the form "every element is zero" that has no storage, neither here nor on the wire.</summary>
    public bool IsZero { get; }

    /// <summary>The number of elements.</summary>
    public long ElementCount => checked(Length * Shapes.RowElements(Shape));

    /// <summary>The elements as bytes; of an <see cref="IsZero"/> tensor they are made on the first call.</summary>
    public ReadOnlyMemory<byte> Data
    {
        get
        {
            if (_hasData) return _data;
            _data = new byte[ByteCount(DType, Shape)];
            _hasData = true;
            return _data;
        }
    }

    internal override string Description => $"{DType.Name()} {Shapes.Text(Shape)}";

    /// <summary>A tensor with a copy of the elements.</summary>
    /// <param name="data">The elements, row by row: bool, byte, int, long, Half, float or double.</param>
    /// <param name="shape">The shape; left out, the tensor has one dimension.</param>
    /// <exception cref="FleetException">The shape asks for another number of elements, or the element type is no tensor's.</exception>
    public static Tensor Of<T>(ReadOnlySpan<T> data, params ReadOnlySpan<int> shape) where T : unmanaged =>
        Wrap(DTypes.Of<T>(), MemoryMarshal.AsBytes(data).ToArray(), shape.IsEmpty ? [data.Length] : shape);

    /// <inheritdoc cref="Of{T}(ReadOnlySpan{T}, ReadOnlySpan{int})"/>
    public static Tensor Of<T>(T[] data, params ReadOnlySpan<int> shape) where T : unmanaged => Of((ReadOnlySpan<T>)data, shape);

    /// <summary>A tensor over bytes that nobody changes from now on; nothing is copied.</summary>
    /// <exception cref="FleetException">The shape asks for another number of bytes.</exception>
    public static Tensor Wrap(DType dtype, ReadOnlyMemory<byte> data, params ReadOnlySpan<int> shape)
    {
        var dimensions = Checked(shape);
        long expected = ByteCount(dtype, dimensions);
        return data.Length == expected
            ? new Tensor(dtype, dimensions, data)
            : throw new FleetException(
                $"A tensor of {data.Length} bytes cannot be {dtype.Name()} {Shapes.Text(dimensions)}, which takes {expected} bytes: give a shape that fits.");
    }

    /// <summary>A tensor of zeros that takes no storage.</summary>
    public static Tensor Zeros(DType dtype, params ReadOnlySpan<int> shape)
    {
        var dimensions = Checked(shape);
        ByteCount(dtype, dimensions);
        return new Tensor(dtype, dimensions, null);
    }

    /// <summary>The elements, row by row.</summary>
    /// <exception cref="FleetException"><typeparamref name="T"/> is not the element type.</exception>
    public ReadOnlySpan<T> Span<T>() where T : unmanaged => DTypes.Of<T>() == DType
        ? MemoryMarshal.Cast<byte, T>(Data.Span)
        : throw new FleetException($"A tensor of {DType.Name()} was read as {typeof(T).Name}: read it as its own type, or convert it first.");

    /// <summary>The elements of one row.</summary>
    /// <exception cref="FleetException"><typeparamref name="T"/> is not the element type.</exception>
    public ReadOnlySpan<T> Row<T>(int row) where T : unmanaged
    {
        int elements = (int)Shapes.RowElements(Shape);
        return Span<T>().Slice(row * elements, elements);
    }

    /// <inheritdoc/>
    public override Tensor ToTensor() => this;

    /// <inheritdoc/>
    public override bool ContentEquals(Column? other)
    {
        if (other is not Tensor tensor || tensor.DType != DType || !tensor.Shape.AsSpan().SequenceEqual(Shape.AsSpan())) return false;
        if (IsZero && tensor.IsZero) return true;
        if (IsZero) return AllZero(tensor._data.Span);
        return tensor.IsZero ? AllZero(_data.Span) : _data.Span.SequenceEqual(tensor._data.Span);
    }

    internal override void AddRowBytes(Span<long> bytes)
    {
        if (IsZero) return;
        int rowBytes = RowBytes;
        for (int row = 0; row < Length; row++) bytes[row] += rowBytes;
    }

    internal override Tensor SliceRows(int start, int length)
    {
        var shape = Shapes.WithRows(Shape, length);
        if (IsZero) return new Tensor(DType, shape, null);
        int rowBytes = RowBytes;
        return new Tensor(DType, shape, _data.Slice(start * rowBytes, length * rowBytes));
    }

    internal override Tensor GatherRows(ReadOnlySpan<int> rows)
    {
        var shape = Shapes.WithRows(Shape, rows.Length);
        long bytes = ByteCount(DType, shape);
        if (IsZero) return new Tensor(DType, shape, null);

        int rowBytes = RowBytes;
        var gathered = new byte[bytes];
        var source = _data.Span;
        for (int i = 0; i < rows.Length; i++) source.Slice(rows[i] * rowBytes, rowBytes).CopyTo(gathered.AsSpan(i * rowBytes));
        return new Tensor(DType, shape, gathered);
    }

    internal override Tensor ConcatRows(string key, IReadOnlyList<Column> parts)
    {
        long rows = 0;
        bool allZero = true;
        foreach (var part in parts)
        {
            if (part is not Tensor tensor || tensor.DType != DType || !Shapes.SameRows(tensor.Shape, Shape))
            {
                throw new BatchShapeException(key, Shapes.WithRows(Shape, part.Length), part.FullShape,
                    $"it is {part.Description} in one part and {Description} in the first, so the parts cannot be joined");
            }

            rows += tensor.Length;
            allZero &= tensor.IsZero;
        }

        var shape = Shapes.WithRows(Shape, checked((int)rows));
        long bytes = ByteCount(DType, shape);
        if (allZero) return new Tensor(DType, shape, null);

        var joined = new byte[bytes];
        int at = 0;
        foreach (Tensor part in parts.Cast<Tensor>())
        {
            if (!part.IsZero) part._data.Span.CopyTo(joined.AsSpan(at));
            at += part.Length * RowBytes;
        }

        return new Tensor(DType, shape, joined);
    }

    private int RowBytes => (int)(Shapes.RowElements(Shape) * DType.Size());

    private static bool AllZero(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept((byte)0);

    private static ImmutableArray<int> Checked(ReadOnlySpan<int> shape)
    {
        if (shape.IsEmpty || shape.IndexOfAnyInRange(int.MinValue, -1) >= 0)
        {
            throw new FleetException(
                $"A tensor cannot have the shape {Shapes.Text([.. shape])}: give the rows first, then the other dimensions, none negative.");
        }

        return [.. shape];
    }

    private static int ByteCount(DType dtype, ImmutableArray<int> shape)
    {
        System.Int128 bytes = dtype.Size();
        foreach (int dimension in shape) bytes = System.Int128.Min(bytes * dimension, long.MaxValue);
        return bytes <= Array.MaxLength
            ? (int)bytes
            : throw new FleetException(
                $"A tensor of {dtype.Name()} {Shapes.Text(shape)} is larger than {Array.MaxLength} bytes: cut the batch into fewer rows.");
    }
}
