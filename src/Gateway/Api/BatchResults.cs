using System.Buffers;
using System.Text.Json;
using Fleet.Contracts.Batches;
using Fleet.Dispatcher.Collecting;
using Fleet.Dispatcher.Rollouts;

namespace Fleet.Gateway.Api;

/// <summary>The outcomes of a batch as results of rows, with the columns of a row that are echoed.</summary>
internal static class BatchResults
{
    private static readonly string[] Echoed = [BatchKeys.Id, BatchKeys.Domain, BatchKeys.Tag, BatchKeys.GroupId, BatchKeys.GlobalStep];

    public static async IAsyncEnumerable<RowReward> Of(DataProto batch, IReadOnlyList<RowOutcome> outcomes)
    {
        for (var row = 0; row < outcomes.Count; row++)
        {
            var outcome = outcomes[row];
            yield return new RowReward
            {
                Row = Row.Of(row + 1, Echo(batch, row), 0, int.MaxValue),
                Status = outcome.Status,
                Score = outcome.Score,
                Reward = outcome.Reward,
                Reason = outcome.Reason,
                Detail = outcome.Detail,
                Shaped = outcome.Shaped,
                Rank = outcome.Rank,
                Milliseconds = outcome.Milliseconds,
            };
        }

        await Task.CompletedTask;
    }

    private static JsonElement Echo(DataProto batch, int row)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var name in Echoed)
            {
                if (batch.NonTensorBatch.GetValueOrDefault(name)?.Json(row) is not { } value) continue;
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }
}
