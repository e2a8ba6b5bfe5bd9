using Fleet.Contracts.Batches;
using Fleet.Dispatcher.Collecting;

namespace Fleet.Dispatcher.Shaped;

/// <summary>The rows of a batch as shaping reads them.</summary>
internal static class ScoredRows
{
    /// <summary>One row of a batch with its outcome.</summary>
    public static ScoredRow Of(DataProto data, int row, RowOutcome outcome)
    {
        var values = data.NonTensorBatch;
        return new ScoredRow
        {
            Score = outcome.Score,
            Reward = outcome.Reward,
            Components = outcome.Components,
            GroupId = values.GetValueOrDefault(BatchKeys.GroupId)?.Text(row),
            Tokens = (int?)values.GetValueOrDefault(BatchKeys.ResponseTokens)?.Number(row),
            TokenIds = data.Batch.GetValueOrDefault(BatchKeys.Responses) is TokenColumn tokens ? tokens.Row(row).ToArray() : null,
            IsTruncated = values.GetValueOrDefault(BatchKeys.FinishReason)?.Text(row) == "length",
        };
    }
}
