using Fleet.Rewards;
using Fleet.Worker.Scoring;

namespace Fleet.QueueContract.Tests;

/// <summary>A custom worker whose domain is not repeatable: each time it is asked it is of another opinion.</summary>
public sealed class OpinionRewardWorker : RewardWorker
{
    private int _asked;

    public override bool IsRepeatable => false;

    protected internal override ValueTask<RewardScore> ScoreAsync(Rollout rollout, CancellationToken cancellation) =>
        new(RewardScore.Scored(Interlocked.Increment(ref _asked), new Reason("opinion")));
}
