using System.Collections.Concurrent;
using Fleet.Contracts.Messages;
using Fleet.Dispatcher.Clusters;
using Fleet.Messaging;
using Microsoft.Extensions.Hosting;

namespace Fleet.Dispatcher.Dispatch;

/// <summary>Watches over the parts that are not answered: deadlines, lost workers, and messages that got lost.</summary>
/// <remarks>
/// The broker gives back what a dead connection had. It cannot see a worker that is frozen with its connection open, a
/// reply that was lost with the broker, or a message that sits in the buffer of a frozen process. Five rules find them:
/// a part whose worker fell silent; a part that nobody took when a worker fell silent, although later ones were taken; a
/// part that its worker does not name any more; a part that nobody took although a worker of its domain stays idle; a part
/// in the queue of a rank that nobody holds.
/// </remarks>
internal sealed class PartWatch(
    PartDesk desk, ServedQueues served, Membership membership, Backlog backlog, FleetBus bus, DispatcherOptions options, TimeProvider time) : BackgroundService
{
    private const int AnnouncementsWithoutName = 3;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AnswerGrace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan IdleFor = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan PassedBy = TimeSpan.FromSeconds(0.75);

    // Until the broker has closed its connection, a silent worker is still given what has room in its buffer.
    private static readonly TimeSpan SilentIsServed = TimeSpan.FromSeconds(60);

    // A turn that comes so late was not ours: this process stood still, and heard nobody.
    private static readonly TimeSpan StoodStill = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, long> _silentAt = new(StringComparer.Ordinal);
    private long _lookedAt;
    private long _listeningSince;

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
        var turn = time.GetTimestamp();
        if (_lookedAt == 0 || time.GetElapsedTime(_lookedAt, turn) > StoodStill || !bus.IsConnected) _listeningSince = turn;
        _lookedAt = turn;
        membership.DropSilent(_listeningSince);
        backlog.Measure();
        var now = time.GetUtcNow();
        Dictionary<(string Domain, int? Lease), bool> hasIdleWorker = [];
        foreach (var part in desk.Outstanding)
        {
            if (part.Header.Deadline is { } deadline && deadline + Grace(part) <= now)
            {
                part.Answer.TrySetResult(desk.Late(part.Header.Domain));
            }
            else if (IsWithOneWhoIsGone(part))
            {
                desk.CameBack(part, "Its worker is gone, and no reply came.");
            }
            else if (IsWithoutRank(part))
            {
                desk.SendAgain(part, "Nobody serves the queue of its rank.");
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
        lock (part) return part.Header.Lane == Lane.Evaluation && served.HavePassed(part, PassedBy);
    }

    // A worker that stood still goes on with what it has; whoever was given up is not given up again. One that left has replied
    // to all that it did, and its reply may still be on its way when its farewell is here.
    private bool IsWithOneWhoIsGone(OutstandingPart part)
    {
        lock (part)
        {
            if (part.TakenBy is null || membership.IsLive(part.TakenBy)) part.GoneSince = 0;
            else if (part.GoneSince == 0) part.GoneSince = time.GetTimestamp();
            return part.GoneSince != 0 && time.GetElapsedTime(part.GoneSince) > options.WorkerSilence;
        }
    }

    // It was on its way to a rank that left just then; the queue outlives its rank.
    private bool IsWithoutRank(OutstandingPart part)
    {
        lock (part)
        {
            return part is { TakenBy: null, SentAt: > 0, IsFrozen: false, Lease: { } lease } && time.GetElapsedTime(part.SentAt) >= IdleFor
                && membership.LiveWorkers(part.Header.Domain) is { Count: > 0 } live && live.All(worker => worker.Lease != lease);
        }
    }

    // The queue of one rank: no other worker can be given what is in it.
    private int? RankWithRoom(string domain) => membership.LiveWorkers(domain).MaxBy(worker => worker.FreeSlots)?.Lease;

    private void OnLost(WorkerAnnouncement worker)
    {
        var isSilent = worker.State != WorkerState.Left;
        if (isSilent) _silentAt[worker.Domain] = time.GetTimestamp();
        foreach (var part in desk.Outstanding)
        {
            bool isTheirs, isInTheirQueue, isInTheirBuffer;
            lock (part)
            {
                isTheirs = part.TakenBy == worker.Worker;
                isInTheirQueue = part.TakenBy is null && part.Lease == worker.Lease && part.Header.Domain == worker.Domain;
                isInTheirBuffer = isSilent && part.Header.Domain == worker.Domain && served.HavePassed(part, TimeSpan.Zero);
            }

            if (isTheirs && isSilent) desk.CameBack(part, $"Its worker fell silent for {options.WorkerSilence.TotalSeconds:0.#} s.");
            else if (isInTheirQueue && part.IsFrozen) part.Answer.TrySetResult(new PartAnswer(PartOutcome.WorkerLost, null, "Its rank left."));
            else if (isInTheirQueue) desk.SendAgain(part, "Its rank left.");
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
