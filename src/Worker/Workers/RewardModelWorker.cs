using System.Diagnostics;
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
/// Fails: a row without tokens, with too many, or with ids of another vocabulary is invalid; one of which the model says no finite number has failed.
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

        if (!Strategy.Scores) throw new FleetException($"The model in {Config.ModelPath} continues texts and does not score; give model_args.model_name_or_path the folder of a reward model.");
    }

    /// <summary>A whole part in the model's own batches.</summary>
    public override async Task<DataProto> ComputeRewardsAsync(DataProto data, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var finish = data.NonTensorBatch.GetValueOrDefault(BatchKeys.FinishReason);
        RowResult?[] results = [.. Enumerable.Range(0, data.Length).Select(row => Policy.Settled(finish?.Text(row)))];
        int[] open = [.. Enumerable.Range(0, data.Length).Where(row => results[row] is null)];
        if (open.Length > 0)
        {
            var scored = await Strategy!.ScoreAsync(open.Length == data.Length ? data : data.SelectIdxs(open), cancellation);
            for (var i = 0; i < open.Length; i++) results[open[i]] = Result(scored, i);
        }

        var rollouts = new RolloutRows(data, Tokenizer?.Decoder, SkipSpecialTokens);
        var each = Stopwatch.GetElapsedTime(start).TotalMilliseconds / Math.Max(1, data.Length);
        return ReplyBatch.Of([.. results.Select((result, row) => result! with { Components = Components(result.Status, rollouts, row), Milliseconds = each })]);
    }

    protected internal override ValueTask<RewardScore> ScoreAsync(Rollout rollout, CancellationToken cancellation) =>
        throw new FleetException("A reward model scores whole parts.");

    private static RowResult Result(DataProto scored, int row)
    {
        if (scored.NonTensorBatch[BatchKeys.Score].Number(row) is not { } score)
        {
            var parts = (scored.NonTensorBatch[BatchKeys.Reason].Text(row) ?? "not_scored").Split(": ", 2);
            return RowResult.Unscored(RowStatus.Invalid, new Reason(parts[0], parts.Length > 1 ? parts[1] : ""));
        }

        var detail = scored.NonTensorBatch[BatchKeys.Detail].Text(row) is { } json ? JsonNode.Parse(json) as JsonObject : null;
        return RowResult.Of(RewardScore.Scored(score, new Reason("model_score"), detail));
    }

    private JsonObject? Components(RowStatus status, RolloutRows rollouts, int row)
    {
        if (Policy.Components.IsEmpty || status == RowStatus.Failed) return null;
        try
        {
            return Policy.Components.Score(rollouts[row]);
        }
        catch (RowDataException)
        {
            // Further rules read text; the model had ids.
            return null;
        }
    }
}
