using System.Diagnostics;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Names;
using Fleet.Rewards;
using Fleet.Worker.Observability;
using Microsoft.Extensions.Logging;

namespace Fleet.Worker.Scoring;

/// <summary>Scores the rows of a part one by one, each under its deadline and fenced from the others.</summary>
internal sealed class RowScorer(RewardWorker worker, RowPolicy policy, ILogger log)
{
    public async Task<DataProto> ScoreAsync(RolloutRows rows, CancellationToken cancellation)
    {
        var results = new RowResult[rows.Count];
        if (worker.RowsAtOnce <= 1)
        {
            for (var i = 0; i < results.Length; i++) results[i] = await ScoreAsync(rows, i, cancellation);
        }
        else
        {
            await ScoreAtOnceAsync(rows, results, cancellation);
        }

        return ReplyBatch.Of(results);
    }

    // Rows are begun in their order, one after the other; how long each takes is another matter.
    private async Task ScoreAtOnceAsync(RolloutRows rows, RowResult[] results, CancellationToken cancellation)
    {
        using var room = new SemaphoreSlim(worker.RowsAtOnce);
        var running = new Task[results.Length];
        for (var i = 0; i < results.Length; i++)
        {
            await room.WaitAsync(CancellationToken.None);
            running[i] = ScoreOneAsync(i);
        }

        await Task.WhenAll(running);

        async Task ScoreOneAsync(int row)
        {
            results[row] = await ScoreAsync(rows, row, cancellation);
            room.Release();
        }
    }

    private async ValueTask<RowResult> ScoreAsync(RolloutRows rows, int row, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return RowResult.Unscored(RowStatus.Cancelled, new Reason("cancelled"));
        var start = Stopwatch.GetTimestamp();
        var result = await FenceAsync(rows, row, cancellation);
        return result with { Milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds };
    }

    // The one place that catches everything: a defect of ours, or of a custom worker, costs one row.
    private async ValueTask<RowResult> FenceAsync(RolloutRows rows, int row, CancellationToken cancellation)
    {
        try
        {
            var rollout = rows[row];
            var result = policy.Settled(rollout.Text(BatchKeys.FinishReason)) ?? RowResult.Of(worker.HasRowDeadline ? await UnderDeadlineAsync(rollout, cancellation) : await worker.ScoreAsync(rollout, cancellation));
            return result.Status == RowStatus.Failed || policy.Components.IsEmpty ? result : result with { Components = policy.Components.Score(rollout) };
        }
        catch (RowDataException data)
        {
            return RowResult.Unscored(RowStatus.Invalid, data.Reason);
        }
        catch (RowTimeoutException)
        {
            return RowResult.Unscored(RowStatus.Failed, new Reason("row_deadline", $"The row was not scored within {policy.Timeout.TotalSeconds:0.#} s."));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return RowResult.Unscored(RowStatus.Cancelled, new Reason("cancelled"));
        }
        catch (FleetException surroundings)
        {
            var failure = surroundings as RowFailure;
            return RowResult.Unscored(RowStatus.Failed, new Reason(failure?.Code ?? "worker_failed", surroundings.Message), failure?.Detail);
        }
#pragma warning disable CA1031 // The fence.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            WorkerLog.RowDefect(log, row, defect);
            return RowResult.Unscored(RowStatus.Failed, new Reason("worker_defect", $"{defect.GetType().Name}: {defect.Message}"));
        }
    }

    private async Task<RewardScore> UnderDeadlineAsync(Rollout rollout, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(policy.Timeout);

        // A row that does not listen is left behind on its thread: the part goes on without it.
        var scoring = Task.Run(() => worker.ScoreAsync(rollout, deadline.Token).AsTask(), CancellationToken.None);
        try
        {
            return await scoring.WaitAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new RowTimeoutException();
        }
    }
}

/// <summary>A row's own deadline passed.</summary>
internal sealed class RowTimeoutException : Exception;

/// <summary>The surroundings failed one row: it ends as failed with this code.</summary>
public sealed class RowFailure(string code, string sentence, JsonObject? detail = null, Exception? inner = null) : FleetException(sentence, isTransient: true, inner)
{
    /// <summary>What is known besides; null when nothing is.</summary>
    public JsonObject? Detail { get; } = detail;

    /// <summary>The reason code of the row.</summary>
    public string Code { get; } = code;
}
