using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Batches.Storage;
using Column = Fleet.Contracts.Batches.Column;

namespace Fleet.Contracts.Wire;

/// <summary>Gives a column the buffers, type and attributes that it has on the wire; large buffers are pointed to, not copied.</summary>
internal static class ColumnWriter
{
    public static ArrowColumn Encode(string key, Column column) => column switch
    {
        // A tensor without elements has nothing to store either.
        Tensor tensor when tensor.IsZero || tensor.ElementCount == 0 => Zeros(key, tensor),
        Tensor { Shape.Length: 1 } tensor => Flat(key, tensor),
        Tensor tensor => FixedShape(key, tensor),
        TokenColumn tokens => Tokens(key, tokens),
        ValueColumn { Store: NumberStore numbers } => Numbers(key, numbers),
        ValueColumn { Store: FlagStore flags } => Flags(key, flags),
        ValueColumn { Store: TextStore texts } values => Texts(key, texts, values.Kind == ValueKind.Text ? WireFormat.TextKind : WireFormat.JsonKind),
        _ => throw new ArgumentOutOfRangeException(nameof(column)),
    };

    private static ArrowColumn Zeros(string key, Tensor tensor)
    {
        var attributes = Attributes(WireFormat.ZerosKind);
        attributes[WireFormat.DTypeKey] = tensor.DType.Name();
        attributes[WireFormat.ShapeKey] = WireFormat.RowShape(tensor.Shape);
        return new ArrowColumn(
            new Field(key, NullType.Default, true, attributes),
            new ArrayData(NullType.Default, tensor.Length, tensor.Length, 0, System.Array.Empty<ArrowBuffer>()));
    }

    private static ArrowColumn Flat(string key, Tensor tensor)
    {
        var elements = Elements(tensor);
        return new ArrowColumn(new Field(key, elements.DataType, false, Attributes(WireFormat.TensorKind)), elements);
    }

    private static ArrowColumn FixedShape(string key, Tensor tensor)
    {
        var elements = Elements(tensor);
        var attributes = Attributes(WireFormat.TensorKind);
        attributes[WireFormat.ExtensionNameKey] = WireFormat.FixedShapeTensor;
        attributes[WireFormat.ExtensionMetadataKey] = $"{{\"shape\":{WireFormat.RowShape(tensor.Shape)}}}";
        var type = new FixedSizeListType(Element(elements.DataType), (int)(tensor.ElementCount / tensor.Length));
        return new ArrowColumn(
            new Field(key, type, false, attributes), new ArrayData(type, tensor.Length, 0, 0, [ArrowBuffer.Empty], [elements]));
    }

    private static ArrayData Elements(Tensor tensor)
    {
        var bytes = tensor.DType == DType.Bool ? FlagBytes.Pack(tensor.Data.Span) : tensor.Data;
        return new ArrayData(WireFormat.TypeOf(tensor.DType), (int)tensor.ElementCount, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer(bytes)]);
    }

    private static ArrowColumn Tokens(string key, TokenColumn tokens)
    {
        var (offsets, first) = Offsets.Rebase(tokens.OffsetBytes, tokens.Length);
        var ids = new ArrowBuffer(tokens.IdBytes.Slice(first * sizeof(int), tokens.TokenCount * sizeof(int)));
        var elements = new ArrayData(Int32Type.Default, tokens.TokenCount, 0, 0, [ArrowBuffer.Empty, ids]);
        var attributes = Attributes(WireFormat.TokensKind);
        attributes[WireFormat.WidthKey] = tokens.Width.ToString(CultureInfo.InvariantCulture);
        attributes[WireFormat.PadSideKey] = tokens.PadSide == PadSide.Right ? WireFormat.Right : WireFormat.Left;
        attributes[WireFormat.PadIdKey] = tokens.PadId.ToString(CultureInfo.InvariantCulture);
        var type = new ListType(Element(Int32Type.Default));
        return new ArrowColumn(
            new Field(key, type, false, attributes),
            new ArrayData(type, tokens.Length, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer(offsets)], [elements]));
    }

    private static ArrowColumn Numbers(string key, NumberStore numbers)
    {
        var (validity, nulls) = Validity(numbers);
        var values = new ArrowBuffer(numbers.Values[..(numbers.Length * sizeof(double))]);
        return new ArrowColumn(
            new Field(key, DoubleType.Default, true, Attributes(WireFormat.NumberKind)),
            new ArrayData(DoubleType.Default, numbers.Length, nulls, 0, [validity, values]));
    }

    private static ArrowColumn Flags(string key, FlagStore flags)
    {
        var (validity, nulls) = Validity(flags);
        var values = flags.Length == 0 ? ArrowBuffer.Empty : new ArrowBuffer(flags.Values.Aligned(flags.Length));
        return new ArrowColumn(
            new Field(key, BooleanType.Default, true, Attributes(WireFormat.FlagKind)),
            new ArrayData(BooleanType.Default, flags.Length, nulls, 0, [validity, values]));
    }

    private static ArrowColumn Texts(string key, TextStore texts, string kind)
    {
        var (validity, nulls) = Validity(texts);
        var (offsets, bytes) = texts.Utf8();
        return new ArrowColumn(
            new Field(key, StringType.Default, true, Attributes(kind)),
            new ArrayData(StringType.Default, texts.Length, nulls, 0, [validity, new ArrowBuffer(offsets), new ArrowBuffer(bytes)]));
    }

    private static (ArrowBuffer Bits, int Nulls) Validity(ValueStore store)
    {
        int nulls = 0;
        for (int row = 0; row < store.Length; row++) nulls += store.IsNull(row) ? 1 : 0;
        return (nulls == 0 ? ArrowBuffer.Empty : new ArrowBuffer(Bits.Pack(store.Length, row => !store.IsNull(row)).Aligned(store.Length)), nulls);
    }

    private static Field Element(IArrowType type) => new("item", type, false);

    private static Dictionary<string, string> Attributes(string kind) => new(StringComparer.Ordinal) { [WireFormat.KindKey] = kind };
}
