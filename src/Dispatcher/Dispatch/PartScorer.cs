using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Messages;
using Fleet.Contracts.Names;
using Fleet.Contracts.Ranks;
using Fleet.Contracts.Wire;
using Fleet.Dispatcher.Collecting;
using Fleet.Dispatcher.Observability;
using Fleet.Dispatcher.Runs;
using Fleet.Messaging.DeadLetters;
using Microsoft.Extensions.Logging;

namespace Fleet.Dispatcher.Dispatch;

/// <summary>Has the rows of a part scored: one outcome a row, in order, whatever happens to workers and broker.</summary>
internal sealed class PartScorer(
    PartDesk desk, PartWindow window, GroupDesk groups, RunDirectory runs, DeadLetterQueues deadLetters, DispatcherOptions options, TimeProvider time, ILogger<PartScorer> log)
{
    private static readonly TimeSpan BuryTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StartPause = TimeSpan.FromSeconds(1);

    /// <summary>Scores the rows of a part.</summary>
    /// <param name="call">The call.</param>
    /// <param name="domain">The domain of all rows.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="batch">Writes them down, when it is their turn.</param>
    /// <param name="rank">The rank that the rows were dispatched to; null for the domain's shared queue.</param>
    /// <param name="turn">When the part may be handed to the broker; it ends once it was.</param>
    /// <param name="cancellation">Gives the rows up as cancelled.</param>
    public async Task<RowOutcome[]> ScoreAsync(
        CallContext call, DomainDefinition domain, int rows, Func<DataProto> batch, TargetRank? rank, Turn turn, CancellationToken cancellation)
    {
        PartWindow.Place? place;
        try
        {
            await StartAsync(call, domain, cancellation);
            place = await window.EnterAsync(domain.ServedBy, call.Lane, rows, turn.Before, call.Left(time), cancellation);
        }
        catch (FleetException refused)
        {
            return RowOutcome.Unscored(rows, RowStatus.Failed, "not_initialized", refused.Message);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return RowOutcome.Unscored(rows, RowStatus.Cancelled, "cancelled", null);
        }

        if (place is null) return Unscored(desk.Late(domain.ServedBy), rows);
        // What becomes of the part if its worker is lost has this place, too.
        using (place) return await ScoreAsync(call, domain, batch(), rank, call.Lane, Suspicion.None, turn, cancellation);
    }

    /// <summary>Whether the rows of one group must stay together; waits until a worker of the domain's run is ready to say so, at most until the call ends.</summary>
    public async Task<bool> IsGroupLevelAsync(CallContext call, DomainDefinition domain, CancellationToken cancellation)
    {
        try
        {
            await StartAsync(call, domain, cancellation);
            await runs.AnyReadyAsync(call.Run, domain, call.Left(time), cancellation);
        }
        catch (Exception refused) when (refused is FleetException or OperationCanceledException)
        {
            // Whoever scores the rows is told the same, and tells it of each row.
            return false;
        }

        return runs.IsGroupLevel(call.Run, domain);
    }

    /// <summary>Has another method done by whichever rank is free.</summary>
    /// <exception cref="FleetException">Every worker refused the run.</exception>
    public async Task<PartAnswer> CallAsync(CallContext call, DomainDefinition domain, string method, DataProto argument, CancellationToken cancellation)
    {
        await StartAsync(call, domain, cancellation);
        return await desk.SendAsync(call.NextPart(domain, method, argument.Length), BatchWriter.Write(argument), lease: null, cancellation);
    }

    // Workers that refuse refuse at once; a broker that is away is waited for like everywhere.
    private async Task StartAsync(CallContext call, DomainDefinition domain, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await runs.EnsureAsync(call.Run, domain, cancellation);
                return;
            }
            catch (FleetException away) when (away.IsTransient && call.Left(time) > StartPause)
            {
                await Task.Delay(StartPause, time, cancellation);
            }
        }
    }

    private async Task<RowOutcome[]> ScoreAsync(CallContext call, DomainDefinition domain, DataProto rows, TargetRank? rank, Lane lane, Suspicion suspicion, Turn turn, CancellationToken cancellation)
    {
        var header = call.NextPart(domain, RegisteredMethod.ComputeRewards, rows.Length) with { Lane = lane, Alone = suspicion.IsAlone, Attempt = suspicion.Losses };
        if (rank is { } target) header = header with { Rank = target.DpRank, DpSize = target.DpSize, Epoch = target.Epoch };

        var command = new WorkerCommand(header, BatchWriter.Write(rows));
        var sent = domain is { TpSize: 1, PpSize: 1 }
            ? desk.SendAsync(header, command.Payload, rank?.Lease, cancellation)
            : groups.SendAsync(call, domain, RegisteredMethod.ComputeRewards, rows, rank?.DpRank, cancellation);
        turn.End();
        var answer = await sent;
        if (answer.Outcome == PartOutcome.Failed) await BuryAsync(call, command, answer.Error ?? "No worker could do it.");
        return answer.Outcome switch
        {
            PartOutcome.Done => [.. Read(answer, rows.Length).Select(InTime)],
            PartOutcome.WorkerLost => await AfterLossAsync(call, domain, rows, command, suspicion, answer.Error, cancellation),
            _ => Unscored(answer, rows.Length),
        };
    }

    private static RowOutcome[] Unscored(PartAnswer answer, int rows) => answer.Outcome switch
    {
        PartOutcome.NoWorker => RowOutcome.Unscored(rows, RowStatus.Failed, "no_worker", answer.Error),
        PartOutcome.TimedOut => RowOutcome.Unscored(rows, RowStatus.TimedOut, "call_deadline", answer.Error),
        PartOutcome.Cancelled => RowOutcome.Unscored(rows, RowStatus.Cancelled, "cancelled", answer.Error),
        PartOutcome.Rejected => RowOutcome.Unscored(rows, RowStatus.Failed, "rejected", answer.Error),
        _ => RowOutcome.Unscored(rows, RowStatus.Failed, "worker_failed", answer.Error),
    };

    // A part whose worker died with it is halved until the row that kills stands alone; the others are scored. They were
    // waited for already, so they go before the rest of the call.
    private async Task<RowOutcome[]> AfterLossAsync(
        CallContext call, DomainDefinition domain, DataProto rows, WorkerCommand command, Suspicion suspicion, string? error, CancellationToken cancellation)
    {
        var middle = runs.IsGroupLevel(call.Run, domain) ? GroupColumns.Middle(rows) : rows.Length / 2;
        if (middle > 0)
        {
            var halves = await Task.WhenAll(
                ScoreAsync(call, domain, rows.Slice(0, middle), null, Lane.Evaluation, Suspicion.None, Turn.Any, cancellation),
                ScoreAsync(call, domain, rows.Slice(middle), null, Lane.Evaluation, Suspicion.None, Turn.Any, cancellation));
            return [.. halves[0], .. halves[1]];
        }

        var after = suspicion.AfterLoss;
        if (after.LossesAlone < options.MaxWorkersLost) return await ScoreAsync(call, domain, rows, null, Lane.Evaluation, after, Turn.Any, cancellation);
        var why = $"{after.LossesAlone} workers were lost while they scored this {(rows.Length == 1 ? "row" : "group")} and nothing else; the last: {error}";
        await BuryAsync(call, command, why);
        return RowOutcome.Unscored(rows.Length, RowStatus.Failed, "worker_lost", why);
    }

    // The rows are told that they failed in any case; the letter is for whoever wants to know why, and score them again.
    private async Task BuryAsync(CallContext call, WorkerCommand command, string why)
    {
        if (!call.BuryFailures) return;
        using var deadline = new CancellationTokenSource(BuryTimeout, time);
        try
        {
            await deadLetters.BuryAsync(command, why, time.GetUtcNow(), deadline.Token);
        }
        catch (Exception away) when (away is FleetException or OperationCanceledException)
        {
            DispatcherLog.NotBuried(log, command.Header.Domain, command.Header.CallId, command.Header.Part, away.Message);
        }
    }

    // A worker stops at the deadline by itself and cannot tell it from a cancelling; the caller did not cancel, or this would not be read.
    private static RowOutcome InTime(RowOutcome outcome) =>
        outcome.Status == RowStatus.Cancelled ? RowOutcome.Unscored(1, RowStatus.TimedOut, "call_deadline", "The deadline of the call passed.")[0] : outcome;

    private static RowOutcome[] Read(PartAnswer answer, int rows)
    {
        var reply = answer.Reply!;
        try
        {
            return RowOutcome.Read(BatchReader.Read(reply.Payload), rows, reply.Header.Rank);
        }
        catch (FleetException broken)
        {
            return RowOutcome.Unscored(rows, RowStatus.Failed, "broken_reply", broken.Message);
        }
    }
}

/// <summary>Where ranks dispatch sends a shard.</summary>
/// <param name="Lease">Number of the rank's queue.</param>
/// <param name="DpRank">The shard's data-parallel rank.</param>
/// <param name="DpSize">Data-parallel ranks of the snapshot.</param>
/// <param name="Epoch">The snapshot.</param>
internal readonly record struct TargetRank(int Lease, int DpRank, int DpSize, long Epoch);

/// <summary>What is held against a row, or a group that is not to be cut, whose workers were lost.</summary>
/// <remarks>
/// One loss is no suspicion: a worker that is killed takes everything with it that it has in hand. After a second one the row
/// is tried with nothing else in the worker's process, which keeps the rest of that worker waiting; only those losses count.
/// </remarks>
/// <param name="Losses">Workers that were lost with it in hand.</param>
internal readonly record struct Suspicion(int Losses)
{
    private const int BeforeAlone = 2;

    public static Suspicion None => default;

    /// <summary>Whether it is tried with nothing else in the worker's process.</summary>
    public bool IsAlone => Losses >= BeforeAlone;

    /// <summary>Workers that were lost while it was.</summary>
    public int LossesAlone => Math.Max(0, Losses - BeforeAlone);

    public Suspicion AfterLoss => new(Losses + 1);
}
