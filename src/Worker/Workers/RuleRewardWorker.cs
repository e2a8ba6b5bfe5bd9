using Fleet.Rewards;
using Fleet.Worker.Runs;
using Fleet.Worker.Scoring;

namespace Fleet.Worker.Workers;

/// <summary>Serves every domain whose reward is a pure rule: columns in, rule, columns out.</summary>
internal class RuleRewardWorker(string reward) : RewardWorker
{
    private IReward _reward = null!;

    /// <summary>Rules count their work instead of looking at a clock.</summary>
    protected internal override bool HasRowDeadline => false;

    protected internal override bool HasModel => false;

    internal override string Rule => reward;

    public override async Task InitializeAsync(WorkerSetup setup, CancellationToken cancellation)
    {
        await base.InitializeAsync(setup, cancellation);
        _reward = RewardCatalog.Create(reward, Settings(setup.Config))!;
    }

    protected internal override ValueTask<RewardScore> ScoreAsync(Rollout rollout, CancellationToken cancellation) =>
        new(_reward.Score(rollout, new ScoringContext()));

    /// <summary>The settings that the rule is made with.</summary>
    protected virtual RewardSettings Settings(RunConfig config) => config.Settings;
}
