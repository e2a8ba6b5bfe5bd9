using System.Buffers;
using System.Text.Json;
using Fleet.Contracts.Batches;

namespace Fleet.Dispatcher.Rollouts;

/// <summary>The rows of a part's batch as input rows again: what <see cref="RowBatch"/> made of them, undone.</summary>
public static class BatchRows
{
    private static readonly Dictionary<string, string> RowNames = new(StringComparer.Ordinal)
    {
        [BatchKeys.PromptText] = "prompt",
        [BatchKeys.ResponseText] = "response",
        [BatchKeys.Prompts] = "prompt_ids",
        [BatchKeys.Responses] = "response_ids",
    };

    /// <summary>One row for each of the batch, numbered from 1.</summary>
    /// <param name="batch">The batch: token columns and columns of values; other tensors are left out.</param>
    /// <param name="domain">The domain of the rows.</param>
    public static List<Row> Of(DataProto batch, string domain)
    {
        var rows = new List<Row>(batch.Length);
        var buffer = new ArrayBufferWriter<byte>();
        for (var row = 0; row < batch.Length; row++)
        {
            buffer.Clear();
            using (var json = new Utf8JsonWriter(buffer)) Write(json, batch, row, domain);
            rows.Add(Row.Of(row + 1, JsonElement.Parse(buffer.WrittenSpan), buffer.WrittenCount, int.MaxValue));
        }

        return rows;
    }

    private static void Write(Utf8JsonWriter json, DataProto batch, int row, string domain)
    {
        json.WriteStartObject();
        json.WriteString("domain", domain);
        foreach (var (name, column) in batch.NonTensorBatch)
        {
            if (name == BatchKeys.Domain || column.Json(row) is not { } value) continue;
            json.WritePropertyName(RowNames.GetValueOrDefault(name, name));
            value.WriteTo(json);
        }

        foreach (var (name, column) in batch.Batch)
        {
            if (column is not TokenColumn ids) continue;
            json.WriteStartArray(RowNames.GetValueOrDefault(name, name));
            foreach (var id in ids.Row(row)) json.WriteNumberValue(id);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
