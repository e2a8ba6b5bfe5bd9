using System.Collections.Concurrent;
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
internal sealed class PartDesk(FleetBus bus, Membership membership, PartSizes sizes, DispatcherOptions options, TimeProvider time, ILogger<PartDesk> log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<PartKey, OutstandingPart> _parts = new();
    private readonly ConcurrentDictionary<(string Domain, Lane Lane), long> _taken = new();
    private readonly ConcurrentDictionary<string, long> _trainingTakenAt = new(StringComparer.Ordinal);

    /// <summary>The parts that are not answered.</summary>
    public ICollection<OutstandingPart> Outstanding => _parts.Values;

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

    /// <summary>Notes who has a part now.</summary>
    public void Taken(PartTaken taken)
    {
        if (!_parts.TryGetValue(new PartKey(taken.CallId, taken.Part), out var part)) return;
        lock (part)
        {
            if (taken.Attempt != part.Header.Attempt) return;
            (part.TakenBy, part.Unnamed) = (taken.Worker, 0);
            if (part.Header.Lane == Lane.Training) _trainingTakenAt[part.Header.Domain] = time.GetTimestamp();
            if (part.Lease is null) _taken.AddOrUpdate((part.Header.Domain, part.Header.Lane), part.SentAt, (_, latest) => Math.Max(latest, part.SentAt));
        }

        membership.Busy(taken.Worker);
    }

    /// <summary>Whether a part that nobody took was passed by one that was sent later: shared queues are first in, first out, so it is in the buffer of some worker.</summary>
    public bool WasPassed(OutstandingPart part) =>
        part is { TakenBy: null, Lease: null, SentAt: > 0 } && part.SentAt < _taken.GetValueOrDefault((part.Header.Domain, part.Header.Lane));

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

    /// <summary>Whether a part of the evaluation lane that nobody took was passed by one of the training lane, which should have waited for it.</summary>
    public bool WasPassedByTraining(OutstandingPart part, TimeSpan by) =>
        part is { TakenBy: null, Lease: null, SentAt: > 0, Header.Lane: Lane.Evaluation }
        && _trainingTakenAt.TryGetValue(part.Header.Domain, out var taken) && time.GetElapsedTime(part.SentAt, taken) > by;

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

    private static string Queue(OutstandingPart part, CommandHeader header, bool hasLane) => (part.Lease, header.Lane) switch
    {
        ({ } lease, _) => QueueNames.Rank(header.Domain, lease),
        (null, Lane.Evaluation) when hasLane => QueueNames.Evaluation(header.Domain),
        _ => QueueNames.Work(header.Domain),
    };

    private async Task SendAttemptAsync(OutstandingPart part, CancellationToken cancellation)
    {
        var header = part.Header;
        var hasLane = true;
        try
        {
            while (!part.Answer.Task.IsCompleted)
            {
                var left = header.Deadline is { } deadline ? deadline - time.GetUtcNow() : TimeSpan.FromDays(1);
                if (left <= TimeSpan.Zero) break;

                var queue = Queue(part, header, hasLane);
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
                if (!part.IsFrozen) (hasLane, part.Lease) = (part.Lease is not null || !hasLane, null);
                await Task.Delay(FirstPause, time, cancellation);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The broker is away; the bus reconnects by itself, and the deadline bounds the waiting.
            DispatcherLog.PartSentAgain(log, header.Domain, header.CallId, header.Part, header.Attempt, failure.Message);
            await Task.Delay(FirstPause, time, cancellation);
            if (!part.Answer.Task.IsCompleted) SendAgain(part, failure.Message);
        }
    }
}
