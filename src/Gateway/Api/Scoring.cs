using System.Runtime.CompilerServices;
using Fleet.Contracts.Batches;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Collecting;
using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Runs;

namespace Fleet.Gateway.Api;

/// <summary>The gateway's way to the fleet: rows or batches of the one run that it serves.</summary>
internal sealed class Scoring(RewardDispatcher dispatcher, RunDefinition run, DispatcherOptions options)
{
    /// <summary>The run that is served.</summary>
    public RunDefinition Run => run;

    /// <summary>Bytes of one row; a larger one is invalid.</summary>
    public int MaxRowBytes => options.MaxRowBytes;

    /// <summary>Scores rows as they come.</summary>
    public IAsyncEnumerable<RowReward> ScoreAsync(IAsyncEnumerable<Row> rows, CallOptions call, CancellationToken cancellation) =>
        dispatcher.ScoreAsync(run, rows, call, cancellation);

    /// <summary>Scores rows that are all there.</summary>
    public IAsyncEnumerable<RowReward> ScoreAsync(IReadOnlyList<Row> rows, CallOptions call, CancellationToken cancellation) =>
        dispatcher.ScoreAsync(run, Each(rows, cancellation), call, cancellation);

    /// <summary>Scores the rows of a batch: one outcome for each, in order.</summary>
    public Task<IReadOnlyList<RowOutcome>> ScoreAsync(DataProto batch, CallOptions call, CancellationToken cancellation) =>
        dispatcher.Scheduler(run).ScoreAsync(batch, call, cancellation);

    /// <summary>Has a method of a domain's workers done by one of them.</summary>
    /// <exception cref="Contracts.FleetException">It was not done.</exception>
    public Task<DataProto> CallAnyAsync(DomainDefinition domain, string method, DataProto argument, TimeSpan timeout, CancellationToken cancellation) =>
        dispatcher.Cluster(run, domain).CallAnyAsync(method, argument, timeout, cancellation);

    private static async IAsyncEnumerable<Row> Each(IReadOnlyList<Row> rows, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return row;
        }

        await Task.CompletedTask;
    }
}
