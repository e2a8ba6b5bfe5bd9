using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Names;
using Fleet.Rewards;
using Fleet.Worker.Runs;
using Fleet.Worker.Scoring;

namespace Fleet.Worker.Workers;

/// <summary>Scores responses with a reward model: a classifier over whole sequences, or a model that gives tokens values.</summary>
/// <remarks>
/// Range: score and reward are the model's number, unbounded.
/// Fails: a row without tokens, with too many, or with ids of another vocabulary is invalid.
/// Source: alibaba/ROLL@8eb27cc2 roll/pipeline/base_worker.py, RewardWorker.
/// Differs: the score's place comes from the mask and the end, not from the first padding id; <c>scores</c> is filled too.
/// </remarks>
internal sealed class RewardModelWorker : RewardWorker
{
    protected internal override bool HasRowDeadline => false;

    public override async Task InitializeAsync(WorkerSetup setup, CancellationToken cancellation)
    {
        await base.InitializeAsync(setup, cancellation);
        if (Strategy is null)
        {
            throw new FleetException(
                "A reward model needs strategy_args, model_args.model_name_or_path, and a build with local models (FLEET_LOCAL_MODELS=1, or dotnet build -p:LocalModels=true).");
        }
    }

    /// <summary>A whole part in the model's own batches.</summary>
    public override async Task<DataProto> ComputeRewardsAsync(DataProto data, CancellationToken cancellation)
    {
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        var scored = await Strategy!.ScoreAsync(data, cancellation);
        var each = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds / Math.Max(1, data.Length);
        return ReplyBatch.Of([.. Enumerable.Range(0, data.Length).Select(row => Result(scored, row) with { Milliseconds = each })]);
    }

    protected internal override ValueTask<RewardScore> ScoreAsync(Rollout rollout, CancellationToken cancellation) =>
        throw new FleetException("A reward model scores whole parts.");

    private static RowResult Result(DataProto scored, int row)
    {
        var reason = scored.NonTensorBatch[BatchKeys.Reason].Text(row);
        if (scored.NonTensorBatch[BatchKeys.Score].Number(row) is not { } score)
        {
            var parts = (reason ?? "not_scored").Split(": ", 2);
            return RowResult.Unscored(RowStatus.Invalid, new Reason(parts[0], parts.Length > 1 ? parts[1] : ""));
        }

        var detail = scored.NonTensorBatch[BatchKeys.Detail].Text(row) is { } json ? JsonNode.Parse(json) as JsonObject : null;
        return RowResult.Of(RewardScore.Scored(score, new Reason("model_score"), detail));
    }
}
