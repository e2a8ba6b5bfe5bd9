using System.Text.Json;
using Fleet.Contracts.Batches;

namespace Fleet.Dispatcher.Rollouts;

/// <summary>The rows of one part as a batch: text as text, token ids as ragged ids, everything else as it stands.</summary>
internal static class RowBatch
{
    /// <summary>Builds the batch; a column that a row does not have is null there.</summary>
    public static DataProto Of(IReadOnlyList<Row> rows)
    {
        var columns = new OrderedDictionary<string, JsonElement[]>(StringComparer.Ordinal);
        for (var i = 0; i < rows.Count; i++)
        {
            foreach (var property in rows[i].Json.EnumerateObject())
            {
                var isNull = property.Value.ValueKind == JsonValueKind.Null;
                if (!columns.TryGetValue(property.Name, out var column))
                {
                    if (isNull) continue;
                    columns[property.Name] = column = new JsonElement[rows.Count];
                }

                // Of a member that comes twice the last one counts, a null too: that is the one whose type was checked.
                column[i] = isNull ? default : property.Value;
            }
        }

        var values = new List<KeyValuePair<string, ValueColumn>>(columns.Count);
        var ids = new List<KeyValuePair<string, BatchColumn>>(2);
        foreach (var (name, column) in columns)
        {
            // A further column may not pass itself off as text or ids, and one of nulls alone is none.
            if (ColumnNames.IsOnWire(name) || Array.TrueForAll(column, value => value.ValueKind == JsonValueKind.Undefined)) continue;
            switch (ColumnNames.OnWire(name))
            {
                case BatchKeys.Prompts:
                    ids.Add(new(BatchKeys.Prompts, TokenColumn.Of([.. column.Select(Ids)], padSide: PadSide.Left)));
                    break;
                case BatchKeys.Responses:
                    ids.Add(new(BatchKeys.Responses, TokenColumn.Of([.. column.Select(Ids)])));
                    break;
                case var key:
                    values.Add(new(key, Column(column)));
                    break;
            }
        }

        return DataProto.Of(ids, values, MetaInfo.Empty);
    }

    private static ValueColumn Column(JsonElement[] column) =>
        Array.TrueForAll(column, value => value.ValueKind is JsonValueKind.String or JsonValueKind.Undefined)
            ? ValueColumn.OfText([.. column.Select(value => value.ValueKind == JsonValueKind.Undefined ? null : JsonTexts.Text(value))])
            : ValueColumn.OfJsonText([.. column.Select(value => value.ValueKind == JsonValueKind.Undefined ? null : value.GetRawText())]);

    private static int[] Ids(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(id => id.GetInt32())] : [];
}
