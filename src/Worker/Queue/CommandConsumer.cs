using Fleet.Contracts;
using Fleet.Contracts.Batches;
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
                context, ReplyOutcome.WrongVersion,
                $"The command has wire version {header.Version}; this worker speaks {CommandHeader.CurrentVersion}. Bring dispatcher and workers to the same release.");
            return;
        }

        if (replies.Find(new PartKey(header.CallId, header.Part)) is { } said)
        {
            await ReplyAsync(context, said);
            return;
        }

        if (context.ReceiveContext.Redelivered)
        {
            // Its last worker was lost with it in hand. The dispatcher counts that, and halves a part that keeps killing.
            await ReplyAsync(context, ReplyOutcome.Bounced, "The part came back from a worker that was lost.");
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
            // Nobody waits for a word about it.
            return;
        }

        try
        {
            // It tells the dispatcher where the part is; the reply says more. Only a part under suspicion waits until the broker
            // has the word: what comes back without it was never started, and is not to blame.
            var taken = TakeAsync(context, part);
            if (header.Alone && !await taken) return;
            var reply = await DoAsync(context.Message, part, context.CancellationToken);
            // What was dropped half done, because nobody wants it, is no answer.
            var isDropped = reply.Header.Outcome == ReplyOutcome.Dropped || part.IsUnwanted;
            await Task.WhenAll(taken, isDropped ? Task.CompletedTask : ReplyAsync(context, reply));
        }
        finally
        {
            slots.Leave();
        }
    }

    // Without its dispatcher nobody waits for the part. If that one only has not come back yet after the broker did, it sends the
    // part again: no worker names it.
    private async Task<bool> TakeAsync(ConsumeContext<WorkerCommand> context, PartsInHand.PartInHand part)
    {
        var header = context.Message.Header;
        var isWanted = await ReplyAsync(context, new PartTaken { CallId = header.CallId, Part = header.Part, Attempt = header.Attempt, Worker = identity.Worker });
        if (isWanted) return true;
        WorkerLog.DispatcherGone(log, header.Domain, header.CallId, header.Part, header.ReplyTo);
        part.Cancel();
        return false;
    }

    private async Task<WorkerReply> DoAsync(WorkerCommand command, PartsInHand.PartInHand part, CancellationToken shutdown)
    {
        var cancellation = part.Token;
        var header = command.Header;
        var start = time.GetTimestamp();
        try
        {
            using var run = await runs.UseAsync(
                header.RunId, header.ConfigHash,
                () => bus.ReplyAsync(header.ReplyTo, new RunRequested { RunId = header.RunId, Domain = header.Domain, Worker = identity.Worker }, cancellation),
                cancellation);
            var worker = run.Worker;
            if (header.Rank is { } rank) worker.RankInfo = header.RankInfo ?? RankInfo.DataParallel(rank, header.DpSize);

            var argument = command.Payload.IsEmpty ? null : BatchReader.Read(command.Payload);
            argument = argument?.WithMeta(argument.MetaInfo.With(BatchKeys.CallId, header.CallId));
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

    private Task<bool> ReplyAsync(ConsumeContext<WorkerCommand> context, ReplyOutcome outcome, string error) =>
        ReplyAsync(context, new WorkerReply(Head(context.Message.Header, outcome, error, 0), default));

    // A reply that did not reach the broker faults nothing: the dispatcher asks again for a part that no worker names any more.
    // Once the queue's connection is lost there is nothing to wait for; the client even waits with its other channels until we end.
    private async Task<bool> ReplyAsync<T>(ConsumeContext<WorkerCommand> context, T message) where T : class
    {
        var header = context.Message.Header;
        try
        {
            return await bus.ReplyAsync(header.ReplyTo, message, context.CancellationToken);
        }
        catch (Exception away) when (away is FleetException || context.CancellationToken.IsCancellationRequested)
        {
            WorkerLog.ReplyLost(log, header.Domain, header.CallId, header.Part, header.Attempt, away.Message);
            return true;
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
