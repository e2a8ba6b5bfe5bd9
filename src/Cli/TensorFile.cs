using Fleet.Contracts.Batches;
using Fleet.Contracts.Wire;
using Fleet.Dispatcher.Collecting;
using Fleet.Dispatcher.Rollouts;

namespace Fleet.Cli;

/// <summary>Collects the results of a run and writes them as one DataProto, the way a trainer gets it.</summary>
internal sealed class TensorFile(string path, OnUnscored onUnscored, TokenRewards placement)
{
    private readonly List<RowOutcome> _outcomes = [];
    private readonly List<int[]> _responses = [];
    private readonly List<string?> _ids = [];
    private readonly List<string?> _groups = [];

    public void Add(RowReward reward)
    {
        _outcomes.Add(new RowOutcome { Status = reward.Status, Score = reward.Score, Reward = reward.Reward, Reason = reward.Reason, Detail = reward.Detail, Shaped = reward.Shaped });
        _responses.Add(reward.Row.Value("response_ids") is { ValueKind: System.Text.Json.JsonValueKind.Array } ids ? [.. ids.EnumerateArray().Select(id => id.TryGetInt32(out var number) ? number : 0)] : []);
        _ids.Add(reward.Row.Id.ValueKind == System.Text.Json.JsonValueKind.Undefined ? null : reward.Row.Id.ToString());
        _groups.Add(reward.Row.Value("group_id")?.ToString());
    }

    public async Task WriteAsync(CancellationToken cancellation)
    {
        var batch = new List<KeyValuePair<string, BatchColumn>>();
        if (_responses.Exists(ids => ids.Length > 0)) batch.Add(new(BatchKeys.Responses, TokenColumn.Of(_responses)));
        var data = DataProto.Of(
            batch,
            [new(BatchKeys.Id, ValueColumn.OfText(_ids)), new(BatchKeys.GroupId, ValueColumn.OfText(_groups))]);
        var rewards = RewardBatch.Of(data, _outcomes, onUnscored, placement);
        // Rows that were dropped have no id to stand beside.
        if (rewards.Length == data.Length) rewards = rewards.With(BatchKeys.Id, data.NonTensorBatch[BatchKeys.Id]);
        await File.WriteAllBytesAsync(path, BatchWriter.Write(rewards), cancellation);
    }
}
