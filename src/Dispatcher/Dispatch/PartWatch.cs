using System.Collections.Concurrent;
using Fleet.Contracts.Messages;
using Fleet.Dispatcher.Clusters;
using Microsoft.Extensions.Hosting;

namespace Fleet.Dispatcher.Dispatch;

/// <summary>Watches over the parts that are not answered: deadlines, lost workers, and messages that got lost.</summary>
/// <remarks>
/// The broker gives back what a dead connection had. It cannot see a worker that is frozen with its connection open, a
/// reply that was lost with the broker, or a message that sits in the buffer of a frozen process. Four rules find them:
/// a part whose worker fell silent; a part that nobody took when a worker fell silent, although later ones were taken; a
/// part that its worker does not name any more; a part that nobody took although a worker of its domain stays idle.
/// </remarks>
internal sealed class PartWatch(PartDesk desk, Membership membership, Backlog backlog, DispatcherOptions options, TimeProvider time) : BackgroundService
{
    private const int AnnouncementsWithoutName = 3;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AnswerGrace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan IdleFor = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan PassedBy = TimeSpan.FromSeconds(0.75);

    // Until the broker has closed its connection, a silent worker is still given what has room in its buffer.
    private static readonly TimeSpan SilentIsServed = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, long> _silentAt = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        membership.Lost += OnLost;
        membership.Heard += OnHeard;
        using var timer = new PeriodicTimer(Turn, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) Look();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Told to stop.
        }
        finally
        {
            membership.Lost -= OnLost;
            membership.Heard -= OnHeard;
        }
    }

    private void Look()
    {
        membership.DropSilent();
        backlog.Measure();
        var now = time.GetUtcNow();
        Dictionary<(string Domain, int? Lease), bool> hasIdleWorker = [];
        foreach (var part in desk.Outstanding)
        {
            if (part.Header.Deadline is { } deadline && deadline + Grace(part) <= now)
            {
                part.Answer.TrySetResult(membership.LiveWorkers(part.Header.Domain).Count == 0
                    ? new PartAnswer(PartOutcome.NoWorker, null, $"No worker of the domain '{part.Header.Domain}' was live until the deadline.")
                    : new PartAnswer(PartOutcome.TimedOut, null, "The deadline of the call passed."));
            }
            else if (IsStuck(part, hasIdleWorker))
            {
                desk.SendAgain(part, "Nobody took it, although a worker is idle.");
            }
            else if (WentToASilentOne(part))
            {
                desk.SendAgain(part, "A worker fell silent, and parts that go after this one were taken.", RankWithRoom(part.Header.Domain));
            }
        }
    }

    // Whoever works on a part answers at the deadline with the rows that it has.
    private static TimeSpan Grace(OutstandingPart part)
    {
        lock (part) return part.TakenBy is null ? TimeSpan.Zero : AnswerGrace;
    }

    // An idle worker of that queue would have been given the part if the queue had it: so the queue does not have it.
    private bool IsStuck(OutstandingPart part, Dictionary<(string Domain, int? Lease), bool> hasIdleWorker)
    {
        int? lease;
        lock (part)
        {
            if (part.TakenBy is not null || part.SentAt == 0 || time.GetElapsedTime(part.SentAt) < StuckAfter) return false;
            lease = part.Lease;
        }

        if (!hasIdleWorker.TryGetValue((part.Header.Domain, lease), out var isIdle))
        {
            hasIdleWorker[(part.Header.Domain, lease)] = isIdle = membership.IdleWorkers(part.Header.Domain, IdleFor).Any(worker => lease is null || worker.Lease == lease);
        }

        return isIdle;
    }

    // What is sent again may be given to the very worker that is silent, and nobody would say so a second time.
    private bool WentToASilentOne(OutstandingPart part)
    {
        if (!_silentAt.TryGetValue(part.Header.Domain, out var since) || time.GetElapsedTime(since) > SilentIsServed) return false;
        lock (part) return desk.WasPassedByTraining(part, PassedBy);
    }

    // The queue of one rank: no other worker can be given what is in it.
    private int? RankWithRoom(string domain) => membership.LiveWorkers(domain).MaxBy(worker => worker.FreeSlots)?.Lease;

    private void OnLost(WorkerAnnouncement worker)
    {
        if (worker.State == WorkerState.Live) _silentAt[worker.Domain] = time.GetTimestamp();
        foreach (var part in desk.Outstanding)
        {
            bool isTheirs, isInTheirQueue, isInTheirBuffer;
            lock (part)
            {
                isTheirs = part.TakenBy == worker.Worker;
                isInTheirQueue = part.TakenBy is null && part.Lease == worker.Lease && part.Header.Domain == worker.Domain;
                isInTheirBuffer = worker.State == WorkerState.Live && part.Header.Domain == worker.Domain && desk.WasPassed(part);
            }

            if (isTheirs && worker.State == WorkerState.Live) desk.CameBack(part, $"Its worker fell silent for {options.WorkerSilence.TotalSeconds:0.#} s.");
            else if (isTheirs || isInTheirQueue) desk.SendAgain(part, "Its rank left.");
            else if (isInTheirBuffer) desk.SendAgain(part, "A worker fell silent, and parts that were sent later are taken already.", RankWithRoom(worker.Domain));
        }
    }

    private void OnHeard(WorkerAnnouncement worker)
    {
        foreach (var part in desk.Outstanding)
        {
            bool isLost;
            lock (part)
            {
                if (part.TakenBy != worker.Worker) continue;
                part.Unnamed = worker.InHand.Contains(part.Key.ToString()) ? 0 : part.Unnamed + 1;
                isLost = part.Unnamed >= AnnouncementsWithoutName;
            }

            if (isLost) desk.SendAgain(part, "Its worker does not have it any more, and no reply came.");
        }
    }
}
