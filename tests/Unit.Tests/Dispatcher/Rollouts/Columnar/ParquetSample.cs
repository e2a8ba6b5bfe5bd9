using System.Text.Json.Nodes;
using Parquet;
using Parquet.Schema;

namespace Fleet.Unit.Tests.Dispatcher.Rollouts.Columnar;

/// <summary>Writes a table as Parquet: every column optional, lists in the common form of three levels.</summary>
internal static class ParquetSample
{
    public static async Task WriteAsync(SampleTable table, Stream stream, int groupRows = int.MaxValue, CompressionMethod compression = CompressionMethod.Snappy)
    {
        var schema = new ParquetSchema([.. table.Columns.Select(column => Field(column.Name, column.Type))]);
        await using var writer = await ParquetWriter.CreateAsync(schema, stream, new ParquetOptions { CompressionMethod = compression });
        foreach (var rows in table.Rows.Chunk(Math.Min(groupRows, Math.Max(1, table.Rows.Count))))
        {
            var leaves = schema.DataFields.ToDictionary(field => field.Path, _ => new Entries());
            foreach (var row in rows)
            {
                foreach (var field in schema.Fields) Shred(leaves, field, row[field.Name], 0, 0);
            }

            using var group = writer.CreateRowGroup();
            foreach (var field in schema.DataFields) await WriteAsync(group, field, leaves[field.Path]);
        }
    }

    private static Field Field(string name, SampleType type) => type.Kind switch
    {
        SampleKind.List => new ListField(name, Field("element", type.Item!)),
        SampleKind.Struct => new StructField(name, [.. type.Members!.Select(member => Field(member.Name, member.Type))]),
        SampleKind.Text => new DataField(name, typeof(string), isNullable: true),
        SampleKind.Whole => new DataField(name, typeof(long), isNullable: true),
        SampleKind.Real => new DataField(name, typeof(double), isNullable: true),
        _ => new DataField(name, typeof(bool), isNullable: true),
    };

    // How far each leaf's path is there, and which list each of its entries goes on with.
    private static void Shred(Dictionary<FieldPath, Entries> leaves, Field field, JsonNode? value, int repetition, int definition)
    {
        switch (field)
        {
            case ListField list when value is JsonArray { Count: > 0 } items:
                for (var i = 0; i < items.Count; i++) Shred(leaves, list.Item, items[i], i == 0 ? repetition : list.MaxRepetitionLevel, list.MaxDefinitionLevel);
                break;
            case ListField list:
                Shred(leaves, list.Item, null, repetition, value is null ? definition : list.MaxDefinitionLevel - 1);
                break;
            case StructField group:
                foreach (var member in group.Fields) Shred(leaves, member, value?[member.Name], repetition, value is null ? definition : group.MaxDefinitionLevel);
                break;
            default:
                leaves[field.Path].Add(value, repetition, value is null ? definition : field.MaxDefinitionLevel);
                break;
        }
    }

    private static Task WriteAsync(ParquetRowGroupWriter group, DataField field, Entries entries) => Type.GetTypeCode(field.ClrType) switch
    {
        TypeCode.Int64 => WriteAsync(group, field, entries, value => (long)value),
        TypeCode.Double => WriteAsync(group, field, entries, value => (double)value),
        TypeCode.Boolean => WriteAsync(group, field, entries, value => (bool)value),
        _ => WriteAsync(group, field, entries, value => ((string)value!).AsMemory()),
    };

    private static async Task WriteAsync<T>(ParquetRowGroupWriter group, DataField field, Entries entries, Func<JsonNode, T> value)
        where T : struct =>
        await group.WriteAllPartsAsync<T>(field, entries.Values.Select(value).ToArray(), entries.Definitions.ToArray(), field.MaxRepetitionLevel > 0 ? entries.Repetitions.ToArray() : null, CancellationToken.None);

    private sealed class Entries
    {
        public List<JsonNode> Values { get; } = [];

        public List<int> Repetitions { get; } = [];

        public List<int> Definitions { get; } = [];

        public void Add(JsonNode? value, int repetition, int definition)
        {
            if (value is not null) Values.Add(value);
            Repetitions.Add(repetition);
            Definitions.Add(definition);
        }
    }
}
