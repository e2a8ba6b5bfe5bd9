using System.Collections.Concurrent;
using Fleet.Contracts;
using Fleet.Contracts.Messages;
using Fleet.Contracts.Names;
using Fleet.Contracts.Ranks;
using Fleet.Dispatcher.Clusters;
using Fleet.Dispatcher.Observability;
using Fleet.Messaging;
using Microsoft.Extensions.Logging;

namespace Fleet.Dispatcher.Dispatch;

/// <summary>Sends parts, knows where each is, and takes exactly one answer for each.</summary>
/// <remarks>
/// The broker delivers at least once; here it is counted once: the first result closes a part, whatever comes later is
/// dropped. What can get lost on the way is sent again: see <see cref="PartWatch"/>.
/// </remarks>
internal sealed class PartDesk(
    FleetBus bus, Membership membership, PartSizes sizes, ServedQueues served, CallFactory calls, DispatcherOptions options, TimeProvider time, ILogger<PartDesk> log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<PartKey, OutstandingPart> _parts = new();

    /// <summary>The parts that are not answered.</summary>
    public IEnumerable<OutstandingPart> Outstanding => _parts.Select(part => part.Value);

    /// <summary>Sends a part and waits for its answer.</summary>
    /// <param name="header">What is asked; its deadline bounds the waiting.</param>
    /// <param name="payload">The part's Arrow bytes.</param>
    /// <param name="lease">The rank whose queue it goes to; null for the domain's shared queue.</param>
    /// <param name="cancellation">Gives the part up.</param>
    /// <param name="isFrozen">Whether only that rank may do it: the part is never sent to another.</param>
    public async Task<PartAnswer> SendAsync(CommandHeader header, ReadOnlyMemory<byte> payload, int? lease, CancellationToken cancellation, bool isFrozen = false)
    {
        var part = new OutstandingPart(header, payload, lease) { IsFrozen = isFrozen };
        _parts[part.Key] = part;
        try
        {
            await using var given = cancellation.Register(() => part.Answer.TrySetResult(new PartAnswer(PartOutcome.Cancelled, null, "The call was cancelled.")));
            await SendAttemptAsync(part, cancellation);
            return await part.Answer.Task;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new PartAnswer(PartOutcome.Cancelled, null, "The call was cancelled.");
        }
        finally
        {
            _parts.TryRemove(part.Key, out _);
        }
    }

    /// <summary>What becomes of a part that has no answer at the deadline of its call.</summary>
    public PartAnswer Late(string domain) => membership.LiveWorkers(domain).Count == 0
        ? new PartAnswer(PartOutcome.NoWorker, null, $"No worker of the domain '{domain}' was live until the deadline.")
        : new PartAnswer(PartOutcome.TimedOut, null, "The deadline of the call passed.");

    /// <summary>Notes who has a part now.</summary>
    public void Taken(PartTaken taken)
    {
        if (!_parts.TryGetValue(new PartKey(taken.CallId, taken.Part), out var part))
        {
            // The word that the call ended missed this worker: the broker was away, or the worker is new.
            if (!calls.IsOpen(taken.CallId) && membership.Find(taken.Worker) is { } late) _ = TellOfTheEndAsync(taken.CallId, late);
            return;
        }

        lock (part)
        {
            if (taken.Attempt != part.Header.Attempt) return;
            (part.TakenBy, part.GoneSince, part.Unnamed) = (taken.Worker, 0, 0);
            served.Took(part);
        }

        membership.Busy(taken.Worker);
    }

    /// <summary>Takes a reply: the first result closes the part; a refusal counts only when it is about the last attempt.</summary>
    public void Replied(WorkerReply reply)
    {
        var header = reply.Header;
        if (!_parts.TryGetValue(new PartKey(header.CallId, header.Part), out var part))
        {
            DispatcherMetrics.DuplicateReply();
            DispatcherLog.ReplyDropped(log, "", header.CallId, header.Part, header.Worker);
            return;
        }

        if (header.Outcome == ReplyOutcome.Done)
        {
            if (part.Answer.TrySetResult(new PartAnswer(PartOutcome.Done, reply)))
            {
                if (part.Header.Method == RegisteredMethod.ComputeRewards) sizes.Took(part.Header.Domain, part.Header.Rows, header.Seconds);
                var since = part.SentAt == 0 ? 0 : time.GetElapsedTime(part.SentAt).TotalSeconds;
                DispatcherMetrics.PartDone(part.Header.Domain, Math.Max(0, since - header.Seconds), header.Seconds);
            }
            else
            {
                DispatcherMetrics.DuplicateReply();
            }

            return;
        }

        lock (part)
        {
            if (header.Attempt != part.Header.Attempt) return;
        }

        switch (header.Outcome)
        {
            case ReplyOutcome.Rejected:
                part.Answer.TrySetResult(new PartAnswer(PartOutcome.Rejected, reply, header.Error));
                break;
            case ReplyOutcome.Failed:
                RetryAfterFailure(part, reply);
                break;
            case ReplyOutcome.WrongVersion:
                GiveToOneWhoSpeaks(part, reply);
                break;
            case ReplyOutcome.Bounced:
                CameBack(part, header.Error ?? "The part came back.");
                break;
            case ReplyOutcome.Dropped:
                // Past its deadline or cancelled: the watch, or the caller, says which.
                break;
        }
    }

    /// <summary>A part is back from a worker that is gone: one that was started is the caller's to halve, one that was not goes out again.</summary>
    public void CameBack(OutstandingPart part, string why)
    {
        bool wasStarted;
        lock (part) wasStarted = part.TakenBy is not null || (!part.Header.Alone && ++part.UnstartedReturns > 1);
        if (wasStarted) part.Answer.TrySetResult(new PartAnswer(PartOutcome.WorkerLost, null, why));
        else SendAgain(part, why);
    }

    /// <summary>Sends a part once more, to the shared queue whatever queue it was in, and before what waits there: it was waited for already.</summary>
    /// <param name="part">The part.</param>
    /// <param name="why">Why, for the log.</param>
    /// <param name="lease">The rank whose queue it goes to instead.</param>
    public void SendAgain(OutstandingPart part, string why, int? lease = null)
    {
        CommandHeader header;
        lock (part)
        {
            part.Header = header = part.Header with { Attempt = part.Header.Attempt + 1, Lane = Lane.Evaluation };
            (part.TakenBy, part.SentAt, part.Unnamed) = (null, 0, 0);
            if (!part.IsFrozen) part.Lease = lease;
        }

        DispatcherMetrics.PartSentAgain(header.Domain);
        DispatcherLog.PartSentAgain(log, header.Domain, header.CallId, header.Part, header.Attempt, why);
        _ = SendAttemptAsync(part, CancellationToken.None);
    }

    // While a fleet is brought to another release, both are there: the part goes to a rank that understands it.
    private void GiveToOneWhoSpeaks(OutstandingPart part, WorkerReply reply)
    {
        var able = membership.LiveWorkers(part.Header.Domain).Where(worker => worker.WireVersion == part.Header.Version).MaxBy(worker => worker.FreeSlots);
        if (able is null || part.IsFrozen) RetryAfterFailure(part, reply);
        else SendAgain(part, reply.Header.Error ?? "Its worker speaks another wire version.", able.Lease);
    }

    private void RetryAfterFailure(OutstandingPart part, WorkerReply reply)
    {
        int failures;
        lock (part) failures = ++part.Failures;
        var error = reply.Header.Error ?? "The worker could not do the part.";
        if (failures > options.MaxRetries)
        {
            DispatcherLog.PartGivenUp(log, part.Header.Domain, part.Header.CallId, part.Header.Part, failures, error);
            part.Answer.TrySetResult(new PartAnswer(PartOutcome.Failed, reply, error));
            return;
        }

        _ = PauseAndSendAgainAsync();

        async Task PauseAndSendAgainAsync()
        {
            await Task.Delay(FirstPause * Math.Pow(2, failures - 1), time);
            if (!part.Answer.Task.IsCompleted) SendAgain(part, error);
        }
    }

    private async Task TellOfTheEndAsync(Guid call, WorkerAnnouncement worker)
    {
        try
        {
            await bus.TellWorkerAsync(worker.Domain, worker.Worker, new CancelCall { CallId = call, Domain = worker.Domain }, CancellationToken.None);
        }
        catch (FleetException)
        {
            // It is told again with its next part.
        }
    }

    private async Task SendAttemptAsync(OutstandingPart part, CancellationToken cancellation)
    {
        var header = part.Header;
        var isLaneServed = true;
        try
        {
            // An attempt ends when there is a later one.
            while (!part.Answer.Task.IsCompleted && part.Header.Attempt == header.Attempt)
            {
                var left = header.Deadline is { } deadline ? deadline - time.GetUtcNow() : TimeSpan.FromDays(1);
                if (left <= TimeSpan.Zero) break;

                var queue = part.Lease is { } lease ? QueueNames.Rank(header.Domain, lease)
                    : header.Lane == Lane.Evaluation && isLaneServed ? QueueNames.Evaluation(header.Domain)
                    : QueueNames.Work(header.Domain);
                if (membership.LiveWorkers(header.Domain).Count == 0) DispatcherLog.NoWorkerYet(log, header.Domain, header.CallId, left.TotalSeconds);
                if (await membership.WaitAsync(members => members.LiveWorkers(header.Domain).Count > 0, left, cancellation)
                    && await bus.TrySendAsync(queue, new WorkerCommand(header, part.Payload), left, isPersistent: true, cancellation))
                {
                    lock (part)
                    {
                        if (part.Header.Attempt == header.Attempt) part.SentAt = time.GetTimestamp();
                    }

                    DispatcherLog.PartSent(log, header.Domain, header.CallId, header.Part, header.Attempt, header.Rows, queue);
                    return;
                }

                // The rank's queue is gone, or is not there yet, or nobody there serves the lane: any rank may do it.
                if (!part.IsFrozen)
                {
                    isLaneServed = queue != QueueNames.Evaluation(header.Domain);
                    lock (part)
                    {
                        if (part.Header.Attempt == header.Attempt) part.Lease = null;
                    }
                }

                await Task.Delay(FirstPause, time, cancellation);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The broker is away; the bus reconnects by itself, and the deadline bounds the waiting.
            await Task.Delay(FirstPause, time, cancellation);
            if (!part.Answer.Task.IsCompleted && part.Header.Attempt == header.Attempt) SendAgain(part, failure.Message);
        }
    }
}
