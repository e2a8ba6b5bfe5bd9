using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Rewards;
using Fleet.Rewards.Text;
using Fleet.Worker.Runs;
using Fleet.Worker.Scoring;

namespace ModelWorker;

/// <summary>Scores responses with a reward model of its own, and takes off what a response repeats.</summary>
public sealed class ModelAndRulesRewardWorker : RewardWorker
{
    private const string ModelScore = "model_score";
    private const string ModelReason = "model_reason";

    /// <summary>A model may take long over a row, and it is asked for all rows of a part at once.</summary>
    protected override bool HasRowDeadline => false;

    /// <summary>The base has made the strategy that <c>strategy_args</c> ask for, and loaded its model.</summary>
    public override async Task InitializeAsync(WorkerSetup setup, CancellationToken cancellation)
    {
        await base.InitializeAsync(setup, cancellation);
        if (Strategy is not { Scores: true }) throw new FleetException("This worker needs strategy_args, model_args.model_name_or_path with a reward model, and a build with local models (FLEET_LOCAL_MODELS=1).");
    }

    /// <summary>First the model, in its own batches; then the base's way through the rows, with the model's scores beside them.</summary>
    public override async Task<DataProto> ComputeRewardsAsync(DataProto data, CancellationToken cancellation)
    {
        var scored = await Strategy!.ScoreAsync(data, cancellation);
        var rows = data.With(ModelScore, scored.NonTensorBatch[BatchKeys.Score]).With(ModelReason, scored.NonTensorBatch[BatchKeys.Reason]);
        return await base.ComputeRewardsAsync(rows, cancellation);
    }

    /// <summary>One row: score is the model's number between 0 and 1; the reward is less where the response repeats itself.</summary>
    protected override ValueTask<RewardScore> ScoreAsync(Rollout rollout, CancellationToken cancellation)
    {
        if (rollout.Number(ModelScore) is not { } logit) return new(RewardScore.Invalid(new Reason("no_model_score", rollout.Text(ModelReason) ?? "The model gave no score.")));
        var score = 1 / (1 + Math.Exp(-logit));
        var repetition = RepetitionPenalty.Of(rollout.Response);
        return new(RewardScore.Scored(score, score + repetition, new Reason("model_and_rules"), new JsonObject { ["logit"] = logit, ["repetition"] = repetition }));
    }
}
