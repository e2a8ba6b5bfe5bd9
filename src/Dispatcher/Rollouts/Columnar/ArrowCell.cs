using System.Text;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Types;

namespace Fleet.Dispatcher.Rollouts.Columnar;

/// <summary>One cell of an Arrow column as JSON: lists as lists, structs and maps as objects, the rest as a text, a number or a boolean.</summary>
internal static class ArrowCell
{
    /// <summary>Whether a cell has no value.</summary>
    public static bool IsNull(IArrowArray cells, int row) =>
        cells.IsNull(row) || (cells is DictionaryArray encoded && IsNull(encoded.Dictionary, Index(encoded.Indices, row)));

    /// <summary>Writes a cell that has a value.</summary>
    /// <exception cref="NotSupportedException">The column is of a type that rows do not have.</exception>
    public static void Write(Utf8JsonWriter json, IArrowArray cells, int row)
    {
        switch (cells)
        {
            case Int32Array numbers: json.WriteNumberValue(numbers.GetValue(row)!.Value); break;
            case Int64Array numbers: json.WriteNumberValue(numbers.GetValue(row)!.Value); break;
            case StringArray texts: JsonValues.Text(json, texts.GetBytes(row)); break;
            case LargeStringArray texts: JsonValues.Text(json, texts.GetBytes(row)); break;
            case StringViewArray texts: JsonValues.Text(json, texts.GetBytes(row)); break;
            case DoubleArray numbers: JsonValues.Number(json, numbers.GetValue(row)!.Value); break;
            case FloatArray numbers: JsonValues.Number(json, numbers.GetValue(row)!.Value); break;
            case HalfFloatArray numbers: JsonValues.Number(json, (float)numbers.GetValue(row)!.Value); break;
            case BooleanArray flags: json.WriteBooleanValue(flags.GetValue(row)!.Value); break;
            case MapArray map: WriteMap(json, map, row); break;
            case ListArray list: WriteList(json, list.Values, list.ValueOffsets[row], list.ValueOffsets[row + 1]); break;
            case LargeListArray list: WriteList(json, list.Values, checked((int)list.ValueOffsets[row]), checked((int)list.ValueOffsets[row + 1])); break;
            case ListViewArray list: WriteList(json, list.Values, list.ValueOffsets[row], checked(list.ValueOffsets[row] + list.Sizes[row])); break;
            case FixedSizeListArray list: WriteFixedList(json, list, row); break;
            case StructArray group: WriteStruct(json, group, row); break;
            case DictionaryArray encoded: Write(json, encoded.Dictionary, Index(encoded.Indices, row)); break;
            case BinaryArray bytes: JsonValues.Text(json, bytes.GetBytes(row)); break;
            case LargeBinaryArray bytes: JsonValues.Text(json, bytes.GetBytes(row)); break;
            case BinaryViewArray bytes: JsonValues.Text(json, bytes.GetBytes(row)); break;
            case Decimal128Array numbers: json.WriteRawValue(numbers.GetString(row)!); break;
            case Decimal256Array numbers: json.WriteRawValue(numbers.GetString(row)!); break;
            case FixedSizeBinaryArray bytes: JsonValues.Text(json, bytes.GetBytes(row)); break;
            case UInt8Array or Int8Array or UInt16Array or Int16Array or UInt32Array: json.WriteNumberValue(Whole(cells, row)); break;
            case UInt64Array numbers: json.WriteNumberValue(numbers.GetValue(row)!.Value); break;
            case Date32Array dates: JsonValues.Other(json, dates.GetDateOnly(row)!.Value); break;
            case Date64Array dates: JsonValues.Other(json, dates.GetDateOnly(row)!.Value); break;
            case TimestampArray times: JsonValues.Other(json, times.GetTimestamp(row)!.Value); break;
            case Time32Array times: JsonValues.Other(json, times.GetTime(row)!.Value); break;
            case Time64Array times: JsonValues.Other(json, times.GetTime(row)!.Value); break;
            default: throw new NotSupportedException($"it is of the Arrow type {cells.Data.DataType.Name}, which no row has");
        }
    }

    private static void WriteList(Utf8JsonWriter json, IArrowArray items, int start, int end)
    {
        json.WriteStartArray();
        for (var i = start; i < end; i++)
        {
            if (IsNull(items, i)) json.WriteNullValue();
            else Write(json, items, i);
        }

        json.WriteEndArray();
    }

    private static void WriteFixedList(Utf8JsonWriter json, FixedSizeListArray list, int row)
    {
        var size = ((FixedSizeListType)list.Data.DataType).ListSize;
        var start = checked((list.Offset + row) * size);
        WriteList(json, list.Values, start, checked(start + size));
    }

    private static void WriteStruct(Utf8JsonWriter json, StructArray group, int row)
    {
        var fields = ((StructType)group.Data.DataType).Fields;
        json.WriteStartObject();
        for (var i = 0; i < fields.Count; i++)
        {
            // Every row has every member here, so null is the only way to say that a row has it not.
            if (IsNull(group.Fields[i], row)) continue;
            json.WritePropertyName(fields[i].Name);
            Write(json, group.Fields[i], row);
        }

        json.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter json, MapArray map, int row)
    {
        json.WriteStartObject();
        for (var i = map.ValueOffsets[row]; i < map.ValueOffsets[row + 1]; i++)
        {
            json.WritePropertyName(Key(map.Keys, i));
            if (IsNull(map.Values, i)) json.WriteNullValue();
            else Write(json, map.Values, i);
        }

        json.WriteEndObject();
    }

    private static string Key(IArrowArray keys, int row) => keys switch
    {
        DictionaryArray encoded => Key(encoded.Dictionary, Index(encoded.Indices, row)),
        StringArray texts => Encoding.UTF8.GetString(texts.GetBytes(row)),
        LargeStringArray texts => Encoding.UTF8.GetString(texts.GetBytes(row)),
        StringViewArray texts => Encoding.UTF8.GetString(texts.GetBytes(row)),
        _ => Whole(keys, row).ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static int Index(IArrowArray indices, int row) => checked((int)Whole(indices, row));

    private static long Whole(IArrowArray numbers, int row) => numbers switch
    {
        Int8Array array => array.GetValue(row)!.Value,
        Int16Array array => array.GetValue(row)!.Value,
        Int32Array array => array.GetValue(row)!.Value,
        Int64Array array => array.GetValue(row)!.Value,
        UInt8Array array => array.GetValue(row)!.Value,
        UInt16Array array => array.GetValue(row)!.Value,
        UInt32Array array => array.GetValue(row)!.Value,
        UInt64Array array => checked((long)array.GetValue(row)!.Value),
        _ => throw new NotSupportedException($"it holds {numbers.Data.DataType.Name} where whole numbers or texts are expected"),
    };
}
