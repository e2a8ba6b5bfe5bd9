using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Dispatcher.Collecting;

namespace Fleet.Dispatcher.Rollouts.Columnar;

/// <summary>The rows of a batch as a trainer has them: its texts and values as columns, its token ids without their padding.</summary>
public static class BatchRows
{
    private static readonly string[] Echoed = [BatchKeys.Id, BatchKeys.Domain, BatchKeys.Tag, BatchKeys.GroupId, BatchKeys.GlobalStep];

    /// <summary>The rows in order. Tensors other than prompts and responses belong to the batch and are left out.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="maxRowBytes">A larger row, as JSON, is a row with a problem.</param>
    /// <exception cref="FleetException">Padded ids come without the mask that tells what is padding.</exception>
    public static IEnumerable<Row> Of(DataProto batch, int maxRowBytes) =>
        Read(UnpaddedTokens.Of(batch), [.. batch.NonTensorBatch.Keys.Union([BatchKeys.Prompts, BatchKeys.Responses])], maxRowBytes);

    /// <summary>The rows in order with those columns alone that a result repeats: they are not for scoring.</summary>
    public static IEnumerable<Row> Echo(DataProto batch) => Read(batch, Echoed, int.MaxValue);

    private static IEnumerable<Row> Read(DataProto batch, string[] keys, int maxRowBytes)
    {
        var text = new RowText(maxRowBytes);
        for (var row = 0; row < batch.Length; row++) yield return Read(text, batch, keys, row);
    }

    private static Row Read(RowText text, DataProto batch, string[] keys, int row)
    {
        try
        {
            return text.Build(row + 1, json => Write(json, batch, keys, row));
        }
        catch (FleetException broken)
        {
            return Row.Broken(row + 1, new RowProblem("broken_cell", broken.Message));
        }
    }

    private static void Write(Utf8JsonWriter json, DataProto batch, string[] keys, int row)
    {
        foreach (var key in keys)
        {
            if (batch.NonTensorBatch.TryGetValue(key, out var values))
            {
                if (values.Json(row) is not { } value) continue;
                json.WritePropertyName(ColumnNames.InRow(key));
                // As it stands: half a surrogate pair, which the writer refuses, is mended with the rest of the row.
                json.WriteRawValue(value.GetRawText(), skipInputValidation: true);
            }
            else if (batch.Batch.GetValueOrDefault(key) is TokenColumn tokens)
            {
                json.WriteStartArray(ColumnNames.InRow(key));
                foreach (var id in tokens.Row(row)) json.WriteNumberValue(id);
                json.WriteEndArray();
            }
        }
    }
}
