using System.Text;
using Fleet.Contracts.Batches;

namespace Fleet.Contracts.Wire;

/// <summary>How the values of a column lie in the body.</summary>
internal enum ArrowLayout
{
    /// <summary>No buffers.</summary>
    Null,

    /// <summary>Validity and values.</summary>
    Flat,

    /// <summary>Validity, offsets and UTF-8.</summary>
    Utf8,

    /// <summary>Validity and offsets, then a flat column of elements.</summary>
    List,

    /// <summary>Validity, then a flat column of elements.</summary>
    FixedSizeList,
}

/// <summary>One column of the schema.</summary>
internal sealed class ArrowField
{
    private const int MostAttributes = 64;
    private const int LongestText = 1024;

    private readonly Dictionary<string, string> _attributes = new(StringComparer.Ordinal);

    public ArrowField(FlatTable field)
    {
        Name = Decode(field.Text(0));
        if (field.TryTable(4, out _)) throw Unsupported("dictionary-encoded");
        (Layout, Element, ListSize) = ReadType(field);

        var attributes = field.Vector(6, 4);
        if (attributes.Count > MostAttributes) throw WireException.Malformed($"column {Quoted.Clip(Name)} has {attributes.Count} attributes");
        for (int i = 0; i < attributes.Count; i++)
        {
            var entry = attributes.Table(i);
            _attributes[Decode(entry.Text(0))] = Decode(entry.Text(1));
        }
    }

    /// <summary>The key of the column.</summary>
    public string Name { get; }

    public ArrowLayout Layout { get; }

    /// <summary>The type of a value, or of a list's element.</summary>
    public DType? Element { get; }

    /// <summary>The elements of each row of a fixed-size list.</summary>
    public int ListSize { get; }

    /// <summary>A field attribute that the column must have.</summary>
    public string this[string attribute] => Attribute(attribute) ?? throw WireException.Malformed($"column {Quoted.Clip(Name)} lacks the attribute {attribute}");

    public string? Attribute(string attribute) => _attributes.GetValueOrDefault(attribute);

    private (ArrowLayout, DType?, int) ReadType(FlatTable field)
    {
        const int list = 12, fixedSizeList = 16;
        int kind = field.Byte(2);
        field.TryTable(3, out var type);
        switch (kind)
        {
            case 1: return (ArrowLayout.Null, null, 0);
            case 5: return (ArrowLayout.Utf8, null, 0);
            case list or fixedSizeList:
                var children = field.Vector(5, 4);
                if (children.Count != 1) throw WireException.Malformed($"the list column {Quoted.Clip(Name)} has {children.Count} element types");
                var child = children.Table(0);
                child.TryTable(3, out var childType);
                var element = Flat(child.Byte(2), childType);
                return kind == list ? (ArrowLayout.List, element, 0) : (ArrowLayout.FixedSizeList, element, type.Int32(0));
            default: return (ArrowLayout.Flat, Flat(kind, type), 0);
        }
    }

    private DType Flat(int kind, FlatTable type) => (kind, kind is 2 ? type.Int32(0) : kind is 3 ? type.Int16(0) : 0, kind is 2 && type.Byte(1) != 0) switch
    {
        (2, 8, false) => DType.UInt8,
        (2, 32, true) => DType.Int32,
        (2, 64, true) => DType.Int64,
        (3, 0, _) => DType.Float16,
        (3, 1, _) => DType.Float32,
        (3, 2, _) => DType.Float64,
        (6, _, _) => DType.Bool,
        _ => throw Unsupported($"of Arrow type {kind}"),
    };

    private WireException Unsupported(string what) => WireException.Malformed($"column {Quoted.Clip(Name)} is {what}, which no batch has");

    private static string Decode(ReadOnlySpan<byte> text) => text.Length <= LongestText
        ? Encoding.UTF8.GetString(text)
        : throw WireException.Malformed($"the name or an attribute of a column is {text.Length} bytes long, and {LongestText} are the most");
}
