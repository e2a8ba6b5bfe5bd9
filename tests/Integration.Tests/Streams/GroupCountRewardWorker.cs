using Fleet.Contracts.Batches;
using Fleet.Contracts.Ranks;
using Fleet.Rewards;
using Fleet.Worker.Scoring;

namespace Fleet.Integration.Tests.Streams;

/// <summary>A group-level method: the reward of a row is how many rows of its group came with it.</summary>
public sealed class GroupCountRewardWorker : RewardWorker
{
    [Register(DispatchMode.DpMpCompute, ClearCache = false, GroupLevel = true)]
    public override Task<DataProto> ComputeRewardsAsync(DataProto data, CancellationToken cancellation)
    {
        var ids = data.NonTensorBatch.GetValueOrDefault(BatchKeys.GroupId);
        string[] groups = [.. Enumerable.Range(0, data.Length).Select(row => ids?.Text(row) ?? $"row {row}")];
        float[] rewards = [.. groups.Select(group => (float)groups.Count(other => other == group))];
        return Task.FromResult(DataProto.Of(
            [new(BatchKeys.Scores, Tensor.Of(rewards, rewards.Length)), new(BatchKeys.ResponseLevelRewards, Tensor.Of(rewards, rewards.Length))], []));
    }

    protected internal override ValueTask<RewardScore> ScoreAsync(Rollout rollout, CancellationToken cancellation) => throw new InvalidOperationException("Groups are scored, not rows.");
}
