using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Parquet.Data;
using Parquet.Schema;

namespace Fleet.Dispatcher.Rollouts.Columnar;

/// <summary>The entries of one leaf of a row group, read in step with the rows.</summary>
internal abstract class ParquetLeaf(DataField column, RawColumnData data) : IDisposable
{
    private int _entry;
    private int _value;

    /// <summary>Definition level of the next entry.</summary>
    public int Definition => column.MaxDefinitionLevel > 0 ? data.DefinitionLevels[InRange(_entry)] : 0;

    /// <summary>Repetition level of the next entry; 0 at the end.</summary>
    public int Repetition => column.MaxRepetitionLevel > 0 && _entry < data.RepetitionLevels.Length ? data.RepetitionLevels[_entry] : 0;

    /// <summary>The next value, whose entry is behind it then.</summary>
    protected int NextValue
    {
        get
        {
            Step();
            return _value++;
        }
    }

    /// <summary>How many values there are room for: one an entry.</summary>
    protected abstract int Count { get; }

    /// <summary>The leaf of a field over what was read of it.</summary>
    /// <exception cref="InvalidDataException">Its type is one that rows do not have.</exception>
    public static ParquetLeaf Of(DataField column, RawColumnData data)
    {
        return data switch
        {
            RawColumnData<ReadOnlyMemory<char>> => Leaf<ReadOnlyMemory<char>>((json, value) => json.WriteStringValue(value.Span), value => value.ToString()),
            RawColumnData<ReadOnlyMemory<byte>> => Leaf<ReadOnlyMemory<byte>>((json, value) => JsonValues.Text(json, value.Span), value => Encoding.UTF8.GetString(value.Span)),
            RawColumnData<int> => Leaf<int>((json, value) => json.WriteNumberValue(value)),
            RawColumnData<long> => Leaf<long>((json, value) => json.WriteNumberValue(value)),
            RawColumnData<double> => Leaf<double>(JsonValues.Number),
            RawColumnData<float> => Leaf<float>(JsonValues.Number),
            RawColumnData<bool> => Leaf<bool>((json, value) => json.WriteBooleanValue(value)),
            RawColumnData<sbyte> => Leaf<sbyte>((json, value) => json.WriteNumberValue(value)),
            RawColumnData<byte> => Leaf<byte>((json, value) => json.WriteNumberValue(value)),
            RawColumnData<short> => Leaf<short>((json, value) => json.WriteNumberValue(value)),
            RawColumnData<ushort> => Leaf<ushort>((json, value) => json.WriteNumberValue(value)),
            RawColumnData<uint> => Leaf<uint>((json, value) => json.WriteNumberValue(value)),
            RawColumnData<ulong> => Leaf<ulong>((json, value) => json.WriteNumberValue(value)),
            RawColumnData<decimal> => Leaf<decimal>((json, value) => json.WriteNumberValue(value)),
            RawColumnData<BigInteger> => Leaf<BigInteger>((json, value) => JsonValues.Other(json, value)),
            RawColumnData<DateTime> => Leaf<DateTime>((json, value) => JsonValues.Other(json, value)),
            RawColumnData<DateOnly> => Leaf<DateOnly>((json, value) => JsonValues.Other(json, value)),
            RawColumnData<TimeOnly> => Leaf<TimeOnly>((json, value) => JsonValues.Other(json, value)),
            RawColumnData<TimeSpan> => Leaf<TimeSpan>((json, value) => JsonValues.Other(json, value)),
            RawColumnData<Guid> => Leaf<Guid>((json, value) => json.WriteStringValue(value)),
            _ => throw new InvalidDataException($"the column '{column.Path}' is of the type {column.ClrType.Name}, which no row has"),
        };

        ParquetLeaf Leaf<T>(Action<Utf8JsonWriter, T> write, Func<T, string>? text = null) where T : struct =>
            new Values<T>(column, (RawColumnData<T>)data, write, text ?? (value => Convert.ToString(value, CultureInfo.InvariantCulture)!));
    }

    /// <summary>Writes the next value and steps over it.</summary>
    public abstract void Write(Utf8JsonWriter json);

    /// <summary>The next value as text, for the name of a member; steps over it.</summary>
    public abstract string Text();

    /// <summary>Steps over the next entry, which has no value.</summary>
    public void Step() => _entry = InRange(_entry) + 1;

    /// <summary>A row ends: none of its lists may go on.</summary>
    /// <exception cref="InvalidDataException">One does.</exception>
    public void EndRow()
    {
        if (Repetition != 0) throw new InvalidDataException($"the lists of the column '{column.Path}' do not end where the row ends");
    }

    public void Dispose() => data.Dispose();

    private int InRange(int entry) => entry < Count ? entry : throw new InvalidDataException($"the column '{column.Path}' ends after {Count} entries, before the rows do");

    private sealed class Values<T>(DataField column, RawColumnData<T> data, Action<Utf8JsonWriter, T> write, Func<T, string> text) : ParquetLeaf(column, data)
        where T : struct
    {
        protected override int Count => data.Values.Length;

        public override void Write(Utf8JsonWriter json) => write(json, data.Values[NextValue]);

        public override string Text() => text(data.Values[NextValue]);
    }
}
