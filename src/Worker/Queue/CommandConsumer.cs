using Fleet.Contracts;
using Fleet.Contracts.Messages;
using Fleet.Contracts.Ranks;
using Fleet.Contracts.Wire;
using Fleet.Messaging;
using Fleet.Worker.Observability;
using Fleet.Worker.Runs;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Fleet.Worker.Queue;

/// <summary>Takes a command from the queue, has it done, and replies; the message is acknowledged only after the reply is with the broker.</summary>
internal sealed class CommandConsumer(
    DomainIdentity identity, FleetBus bus, RunRegistry runs, PartsInHand inHand, PartSlots slots, ReplyStore replies, TimeProvider time, ILogger log) : IConsumer<WorkerCommand>
{
    public async Task Consume(ConsumeContext<WorkerCommand> context)
    {
        var header = context.Message.Header;
        if (header.Version != CommandHeader.CurrentVersion)
        {
            await ReplyAsync(
                header, ReplyOutcome.WrongVersion,
                $"The command has wire version {header.Version}; this worker speaks {CommandHeader.CurrentVersion}. Bring dispatcher and workers to the same release.");
            return;
        }

        if (replies.Find(new PartKey(header.CallId, header.Part)) is { } said)
        {
            await ReplyAsync(header, said);
            return;
        }

        if (context.ReceiveContext.Redelivered)
        {
            // Its last worker was lost with it in hand. The dispatcher counts that, and halves a part that keeps killing.
            await ReplyAsync(header, ReplyOutcome.Bounced, "The part came back from a worker that was lost.");
            return;
        }

        using var part = inHand.TryBegin(header, context.CancellationToken);
        if (part is null) return;
        try
        {
            part.Token.ThrowIfCancellationRequested();
            await slots.EnterAsync(header.Lane, header.Alone, part.Token);
        }
        catch (OperationCanceledException) when (part.Token.IsCancellationRequested)
        {
            // Nobody waits for a word about it; and its dispatcher may be gone, with the exchange that the word would go to.
            return;
        }

        try
        {
            // It tells the dispatcher where the part is; the reply says more. Only a part under suspicion waits until the broker
            // has the word: what comes back without it was never started, and is not to blame.
            var taken = ReplyAsync(header, new PartTaken { CallId = header.CallId, Part = header.Part, Attempt = header.Attempt, Worker = identity.Worker });
            if (header.Alone) await taken;
            var reply = await DoAsync(context.Message, part.Token, context.CancellationToken);
            await Task.WhenAll(taken, ReplyAsync(header, reply));
        }
        finally
        {
            slots.Leave();
        }
    }

    private async Task<WorkerReply> DoAsync(WorkerCommand command, CancellationToken cancellation, CancellationToken shutdown)
    {
        var header = command.Header;
        var start = time.GetTimestamp();
        try
        {
            var worker = await runs.GetAsync(
                header.RunId, header.ConfigHash,
                () => bus.ReplyAsync(header.ReplyTo, new RunRequested { RunId = header.RunId, Domain = header.Domain, Worker = identity.Worker }, cancellation),
                cancellation);
            if (header.Rank is { } rank) worker.RankInfo = header.RankInfo ?? RankInfo.DataParallel(rank, header.DpSize);

            var argument = command.Payload.IsEmpty ? null : BatchReader.Read(command.Payload);
            var result = await MethodTable.Of(worker.GetType()).InvokeAsync(worker, header.Method, argument, cancellation);
            if (shutdown.IsCancellationRequested) throw new FleetException("The worker was stopped before the part was done.", isTransient: true);
            var seconds = time.GetElapsedTime(start).TotalSeconds;
            WorkerMetrics.PartDone(header.Domain, header.Rows, seconds);
            WorkerLog.PartDone(log, header.Domain, header.CallId, header.Part, header.Attempt, identity.Rank, header.Method, header.Rows, seconds * 1000);
            var reply = new WorkerReply(Head(header, ReplyOutcome.Done, null, seconds), result is null ? default : BatchWriter.Write(result));
            if (!worker.IsRepeatable && !cancellation.IsCancellationRequested) replies.Keep(reply);
            return reply;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Failure(header, ReplyOutcome.Dropped, "The part was cancelled.", start);
        }
        catch (FleetException failure)
        {
            return Failure(header, failure.IsTransient ? ReplyOutcome.Failed : ReplyOutcome.Rejected, failure.Message, start);
        }
#pragma warning disable CA1031 // A registered method is a custom worker's code: its defect is the answer to whoever called it.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            return Failure(header, ReplyOutcome.Rejected, $"{header.Method} threw {defect.GetType().Name}: {defect.Message}", start);
        }
    }

    private WorkerReply Failure(CommandHeader header, ReplyOutcome outcome, string error, long start)
    {
        WorkerLog.PartNotDone(log, header.Domain, header.CallId, header.Part, header.Attempt, identity.Rank, outcome.ToString(), error);
        return new WorkerReply(Head(header, outcome, error, time.GetElapsedTime(start).TotalSeconds), default);
    }

    private Task ReplyAsync(CommandHeader header, ReplyOutcome outcome, string error) =>
        ReplyAsync(header, new WorkerReply(Head(header, outcome, error, 0), default));

    // A reply that did not reach the broker faults nothing: the dispatcher asks again for a part that no worker names any more.
    private async Task ReplyAsync<T>(CommandHeader header, T message) where T : class
    {
        try
        {
            await bus.ReplyAsync(header.ReplyTo, message, CancellationToken.None);
        }
        catch (FleetException away)
        {
            WorkerLog.ReplyLost(log, header.Domain, header.CallId, header.Part, header.Attempt, away.Message);
        }
    }

    private ReplyHeader Head(CommandHeader header, ReplyOutcome outcome, string? error, double seconds) => new()
    {
        CallId = header.CallId,
        Part = header.Part,
        Attempt = header.Attempt,
        Outcome = outcome,
        Error = error,
        Worker = identity.Worker,
        Rank = identity.Rank,
        Seconds = seconds,
    };
}

/// <summary>Who serves a domain in this process.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Worker">The worker's unique name.</param>
/// <param name="Rank">Its lease.</param>
internal sealed record DomainIdentity(string Domain, string Worker, int Rank);
