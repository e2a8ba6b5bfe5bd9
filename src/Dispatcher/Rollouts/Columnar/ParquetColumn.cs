using System.Text.Json;
using Parquet.Schema;

namespace Fleet.Dispatcher.Rollouts.Columnar;

/// <summary>
/// One column of a row group, put together again from what its leaves hold. A leaf has for each entry a definition level
/// (how much of the path to it is there) and a repetition level (which list it goes on with; 0 begins a row).
/// </summary>
internal abstract class ParquetColumn(string name, ParquetLeaf first, int definedAt)
{
    /// <summary>Name in the row or in the struct around it.</summary>
    public string Name { get; } = name;

    /// <summary>Whether the next entry has a value here.</summary>
    public bool IsThere => First.Definition >= definedAt;

    /// <summary>The leaf that tells for all of the column what is there.</summary>
    protected ParquetLeaf First { get; } = first;

    /// <summary>The column of a field; its leaves are made by the function given and step together.</summary>
    public static ParquetColumn Of(Field field, Func<DataField, ParquetLeaf> leaf)
    {
        switch (field)
        {
            case ListField list:
                return new ParquetList(list.Name, Of(list.Item, leaf), list.MaxRepetitionLevel, list.MaxDefinitionLevel);
            case MapField map:
                return new ParquetMap(map.Name, Of(map.Key, leaf), Of(map.Value, leaf), map.MaxRepetitionLevel, map.MaxDefinitionLevel);
            case StructField { Fields.Count: > 0 } group:
                return new ParquetStruct(group.Name, [.. group.Fields.Select(member => Of(member, leaf))], group.MaxDefinitionLevel);
            case DataField { IsArray: true } repeated:
                return new ParquetList(repeated.Name, new ParquetValue(leaf(repeated), repeated), repeated.MaxRepetitionLevel, repeated.MaxDefinitionLevel);
            case DataField single:
                return new ParquetValue(leaf(single), single);
            default:
                throw new InvalidDataException($"the column '{field.Name}' is of a kind that holds no values");
        }
    }

    /// <summary>Writes the value that is there, and steps over it.</summary>
    public abstract void Write(Utf8JsonWriter json);

    /// <summary>Steps over the entry that stands for a value that is not there.</summary>
    public abstract void Skip();

    /// <summary>As a member: what is not there is left out, as rows leave it out.</summary>
    public void WriteMember(Utf8JsonWriter json)
    {
        if (!IsThere)
        {
            Skip();
            return;
        }

        json.WritePropertyName(Name);
        Write(json);
    }

    /// <summary>As an element of a list, where null has a place.</summary>
    public void WriteElement(Utf8JsonWriter json)
    {
        if (IsThere)
        {
            Write(json);
            return;
        }

        json.WriteNullValue();
        Skip();
    }

    private protected static ParquetLeaf FirstOf(ParquetColumn column) => column.First;
}

/// <summary>A column of single values.</summary>
internal sealed class ParquetValue(ParquetLeaf leaf, DataField field) : ParquetColumn(field.Name, leaf, field.MaxDefinitionLevel)
{
    public override void Write(Utf8JsonWriter json) => First.Write(json);

    public override void Skip() => First.Step();
}

/// <summary>A column of structs: an object with the members that are there.</summary>
internal sealed class ParquetStruct(string name, ParquetColumn[] members, int definedAt) : ParquetColumn(name, FirstOf(members[0]), definedAt)
{
    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var member in members) member.WriteMember(json);
        json.WriteEndObject();
    }

    public override void Skip()
    {
        foreach (var member in members) member.Skip();
    }
}

/// <summary>A column of lists.</summary>
internal sealed class ParquetList(string name, ParquetColumn item, int level, int filledAt) : ParquetColumn(name, FirstOf(item), filledAt - 1)
{
    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        if (First.Definition < filledAt)
        {
            item.Skip();
        }
        else
        {
            do item.WriteElement(json);
            while (First.Repetition == level);
        }

        json.WriteEndArray();
    }

    public override void Skip() => item.Skip();
}

/// <summary>A column of maps: an object whose names are the keys.</summary>
internal sealed class ParquetMap(string name, ParquetColumn key, ParquetColumn value, int level, int filledAt) : ParquetColumn(name, FirstOf(key), filledAt - 1)
{
    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (First.Definition < filledAt)
        {
            Skip();
        }
        else
        {
            do
            {
                json.WritePropertyName(First.Text());
                value.WriteElement(json);
            }
            while (First.Repetition == level);
        }

        json.WriteEndObject();
    }

    public override void Skip()
    {
        key.Skip();
        value.Skip();
    }
}
