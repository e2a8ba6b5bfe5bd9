using System.Text.Json;
using Fleet.Contracts.Batches;
using Fleet.Dispatcher.Rollouts;

namespace Fleet.Dispatcher.Collecting;

/// <summary>Collects the results of rows and makes one batch of them, the way a trainer gets it.</summary>
/// <param name="onUnscored">What a row without a verdict becomes in the tensors.</param>
/// <param name="placement">Which tokens get rewards.</param>
public sealed class RewardTable(OnUnscored onUnscored, TokenRewards placement = TokenRewards.Zeros)
{
    private readonly List<RowOutcome> _outcomes = [];
    private readonly List<int[]> _responses = [];
    private readonly List<string?> _ids = [];
    private readonly List<string?> _groups = [];

    /// <summary>Adds the result of the next row.</summary>
    public void Add(RowReward reward)
    {
        _outcomes.Add(reward.Outcome);
        _responses.Add(reward.Row.Value("response_ids") is { ValueKind: JsonValueKind.Array } ids ? [.. ids.EnumerateArray().Select(id => id.TryGetInt32(out var number) ? number : 0)] : []);
        _ids.Add(reward.Row.Id.ValueKind == JsonValueKind.Undefined ? null : reward.Row.Id.ToString());
        _groups.Add(reward.Row.Value("group_id")?.ToString());
    }

    /// <summary>The columns of <see cref="RewardBatch.Of"/>.</summary>
    /// <exception cref="Contracts.FleetException">As of <see cref="RewardBatch.Of"/>.</exception>
    public DataProto ToBatch()
    {
        var batch = new List<KeyValuePair<string, BatchColumn>>();
        if (_responses.Exists(ids => ids.Length > 0)) batch.Add(new(BatchKeys.Responses, TokenColumn.Of(_responses)));
        var data = DataProto.Of(
            batch,
            [new(BatchKeys.Id, ValueColumn.OfText(_ids)), new(BatchKeys.GroupId, ValueColumn.OfText(_groups))]);
        return RewardBatch.Of(data, _outcomes, onUnscored, placement);
    }
}
