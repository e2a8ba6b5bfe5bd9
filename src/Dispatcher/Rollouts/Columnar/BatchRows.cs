using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Dispatcher.Collecting;

namespace Fleet.Dispatcher.Rollouts.Columnar;

/// <summary>The rows of a batch as a trainer has them: its texts and values as columns, its token ids without their padding.</summary>
public static class BatchRows
{
    private static readonly Dictionary<string, string> RowNames = new(StringComparer.Ordinal)
    {
        [BatchKeys.PromptText] = "prompt",
        [BatchKeys.ResponseText] = "response",
        [BatchKeys.Prompts] = "prompt_ids",
        [BatchKeys.Responses] = "response_ids",
    };

    /// <summary>The rows in order. Tensors other than prompts and responses belong to the batch and are left out.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="maxRowBytes">A larger row, as JSON, is a row with a problem.</param>
    /// <exception cref="FleetException">Padded ids come without the mask that tells what is padding.</exception>
    public static IEnumerable<Row> Of(DataProto batch, int maxRowBytes)
    {
        batch = UnpaddedTokens.Of(batch);
        var text = new RowText(maxRowBytes);
        for (var row = 0; row < batch.Length; row++) yield return Read(text, batch, row);
    }

    private static Row Read(RowText text, DataProto batch, int row)
    {
        try
        {
            return text.Build(row + 1, json => Write(json, batch, row));
        }
        catch (FleetException broken)
        {
            return Row.Broken(row + 1, new RowProblem("broken_cell", broken.Message));
        }
    }

    private static void Write(Utf8JsonWriter json, DataProto batch, int row)
    {
        foreach (var (key, column) in batch.NonTensorBatch)
        {
            if (column.Json(row) is not { } value) continue;
            json.WritePropertyName(RowNames.GetValueOrDefault(key, key));
            value.WriteTo(json);
        }

        foreach (var key in (ReadOnlySpan<string>)[BatchKeys.Prompts, BatchKeys.Responses])
        {
            if (batch.Batch.GetValueOrDefault(key) is not TokenColumn tokens) continue;
            json.WriteStartArray(RowNames[key]);
            foreach (var id in tokens.Row(row)) json.WriteNumberValue(id);
            json.WriteEndArray();
        }
    }
}
