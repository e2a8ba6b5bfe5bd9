using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;

namespace Fleet.Unit.Tests.Dispatcher.Rollouts.Columnar;

/// <summary>How a table is laid out in Arrow where there is a choice.</summary>
internal sealed record ArrowStyle(bool IsFile = false, bool IsLarge = false, bool HasDictionaries = false, int BatchRows = int.MaxValue, CompressionCodecType? Codec = null);

/// <summary>Writes a table as an Arrow file or stream.</summary>
internal static class ArrowSample
{
    public static void Write(SampleTable table, Stream stream, ArrowStyle style)
    {
        var whole = table.Columns.Select(column => Build(column.Type, table.Column(column.Name), table.Column(column.Name), style).DataType).ToList();
        var schema = new Schema(table.Columns.Select((column, i) => new Field(column.Name, whole[i], nullable: true)), null);
        var options = style.Codec is { } codec ? new IpcOptions { CompressionCodec = codec, CompressionCodecFactory = new CompressionCodecFactory() } : new IpcOptions();
        using var writer = style.IsFile ? new ArrowFileWriter(stream, schema, leaveOpen: true, options) : new ArrowStreamWriter(stream, schema, leaveOpen: true, options);
        writer.WriteStart();
        for (var start = 0; start < table.Rows.Count; start += Math.Min(style.BatchRows, table.Rows.Count))
        {
            var count = Math.Min(style.BatchRows, table.Rows.Count - start);
            var arrays = table.Columns.Select(column =>
            {
                var all = table.Column(column.Name);
                return ArrowArrayFactory.BuildArray(Build(column.Type, all[start..(start + count)], all, style));
            });
            writer.WriteRecordBatch(new RecordBatch(schema, arrays, count));
        }

        writer.WriteEnd();
    }

    private static ArrayData Build(SampleType type, JsonNode?[] values, JsonNode?[] all, ArrowStyle style)
    {
        // The library writes no dictionaries inside of lists and structs.
        var inner = style with { HasDictionaries = false };
        var nulls = values.Count(value => value is null);
        var valid = Bits(values, value => value is not null);
        switch (type.Kind)
        {
            case SampleKind.Whole: return Flat(Int64Type.Default, Bytes(values, value => value is null ? 0L : (long)value));
            case SampleKind.Real: return Flat(DoubleType.Default, Bytes(values, value => value is null ? 0.0 : (double)value));
            case SampleKind.Flag: return Flat(BooleanType.Default, Bits(values, value => value is not null && (bool)value));
            case SampleKind.Text when style.HasDictionaries: return Dictionary();
            case SampleKind.Text:
                var texts = values.Select(value => Encoding.UTF8.GetBytes((string?)value ?? "")).ToList();
                return new ArrayData(style.IsLarge ? LargeStringType.Default : StringType.Default, values.Length, nulls, 0, [valid, Offsets(texts.Select(text => text.Length), style), new ArrowBuffer(texts.SelectMany(text => text).ToArray())]);
            case SampleKind.List:
                var items = Build(type.Item!, [.. Items(values)], [.. Items(all)], inner);
                var item = new Field("item", items.DataType, nullable: true);
                return new ArrayData(style.IsLarge ? new LargeListType(item) : new ListType(item), values.Length, nulls, 0, [valid, Offsets(values.Select(value => (value as JsonArray)?.Count ?? 0), style)], [items]);
            default:
                var members = type.Members!.Select(member => Build(member.Type, [.. values.Select(value => value?[member.Name])], [.. all.Select(value => value?[member.Name])], inner)).ToList();
                var fields = type.Members!.Select((member, i) => new Field(member.Name, members[i].DataType, nullable: true)).ToList();
                return new ArrayData(new StructType(fields), values.Length, nulls, 0, [valid], members);
        }

        ArrayData Flat(ArrowType flat, ArrowBuffer data) => new(flat, values.Length, nulls, 0, [valid, data]);

        ArrayData Dictionary()
        {
            // One dictionary for all batches of a column: a file may have no other.
            var words = all.Where(value => value is not null).Select(value => (string)value!).Distinct().ToList();
            var indices = new Int16Array(new ArrayData(Int16Type.Default, values.Length, nulls, 0, [valid, Bytes(values, value => (short)Math.Max(0, value is null ? 0 : words.IndexOf((string)value!)))]));
            var dictionary = new StringArray.Builder().AppendRange(words).Build();
            return new DictionaryArray(new DictionaryType(Int16Type.Default, StringType.Default, ordered: false), indices, dictionary).Data;
        }
    }

    private static IEnumerable<JsonNode?> Items(JsonNode?[] lists) => lists.OfType<JsonArray>().SelectMany(list => list);

    private static ArrowBuffer Offsets(IEnumerable<int> lengths, ArrowStyle style)
    {
        var offsets = new List<int> { 0 };
        foreach (var length in lengths) offsets.Add(offsets[^1] + length);
        return style.IsLarge ? Bytes(offsets, offset => (long)offset) : Bytes(offsets, offset => offset);
    }

    private static ArrowBuffer Bytes<TValue, TNumber>(IReadOnlyCollection<TValue> values, Func<TValue, TNumber> number)
        where TNumber : unmanaged => new(MemoryMarshal.AsBytes(values.Select(number).ToArray().AsSpan()).ToArray());

    private static ArrowBuffer Bits(JsonNode?[] values, Func<JsonNode?, bool> isSet)
    {
        var bits = new byte[(values.Length + 7) / 8];
        for (var i = 0; i < values.Length; i++) bits[i / 8] |= (byte)(isSet(values[i]) ? 1 << (i % 8) : 0);
        return new ArrowBuffer(bits);
    }
}
