using System.Text.Json;
using Fleet.Contracts.Batches;

namespace Fleet.Dispatcher.Rollouts;

/// <summary>The rows of one part as a batch: text as text, token ids as ragged ids, everything else as it stands.</summary>
internal static class RowBatch
{
    /// <summary>Columns whose name on the wire says whether they are text or ids.</summary>
    private static readonly Dictionary<string, string> WireNames = new(StringComparer.Ordinal)
    {
        ["prompt"] = BatchKeys.PromptText,
        ["response"] = BatchKeys.ResponseText,
    };

    private static readonly string[] Reserved = [BatchKeys.PromptText, BatchKeys.ResponseText, BatchKeys.Prompts, BatchKeys.Responses];

    /// <summary>Builds the batch; a column that a row does not have is null there.</summary>
    public static DataProto Of(IReadOnlyList<Row> rows)
    {
        var columns = new OrderedDictionary<string, JsonElement[]>(StringComparer.Ordinal);
        for (var i = 0; i < rows.Count; i++)
        {
            foreach (var property in rows[i].Json.EnumerateObject())
            {
                if (property.Value.ValueKind == JsonValueKind.Null) continue;
                if (!columns.TryGetValue(property.Name, out var column)) columns[property.Name] = column = new JsonElement[rows.Count];
                column[i] = property.Value;
            }
        }

        var values = new List<KeyValuePair<string, ValueColumn>>(columns.Count);
        var ids = new List<KeyValuePair<string, BatchColumn>>(2);
        foreach (var (name, column) in columns)
        {
            switch (name)
            {
                case "prompt_ids":
                    ids.Add(new(BatchKeys.Prompts, TokenColumn.Of([.. column.Select(Ids)], padSide: PadSide.Left)));
                    break;
                case "response_ids":
                    ids.Add(new(BatchKeys.Responses, TokenColumn.Of([.. column.Select(Ids)])));
                    break;
                default:
                    // A further column may not pass itself off as one of those above.
                    if (!Reserved.Contains(name)) values.Add(new(WireNames.GetValueOrDefault(name, name), Column(column)));
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
