using Fleet.Contracts.Messages;
using Fleet.Contracts.Ranks;
using Fleet.Dispatcher.Observability;
using Microsoft.Extensions.Logging;

namespace Fleet.Dispatcher.Clusters;

/// <summary>Which workers live, by what they tell of themselves; one that falls silent is lost.</summary>
public sealed class Membership(DispatcherOptions options, TimeProvider time, ILogger<Membership> log)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Member> _members = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _epoch;

    /// <summary>Raised outside of any lock with a worker that is gone: it left, or fell silent.</summary>
    public event Action<WorkerAnnouncement>? Lost;

    /// <summary>Raised outside of any lock with every announcement of a live worker.</summary>
    public event Action<WorkerAnnouncement>? Heard;

    /// <summary>Completes when a worker comes, goes, or says something new of what it can do.</summary>
    internal Task Changed
    {
        get
        {
            lock (_lock) return _changed.Task;
        }
    }

    /// <summary>All workers that are not lost, by domain and lease.</summary>
    public IReadOnlyList<WorkerAnnouncement> Workers
    {
        get
        {
            lock (_lock) return [.. _members.Values.Select(member => member.Last).OrderBy(worker => worker.Domain, StringComparer.Ordinal).ThenBy(worker => worker.Lease)];
        }
    }

    /// <summary>Takes note of what a worker says.</summary>
    public void Hear(WorkerAnnouncement announcement)
    {
        var isLost = false;
        TaskCompletionSource? changed = null;
        lock (_lock)
        {
            var isKnown = _members.TryGetValue(announcement.Worker, out var known);
            if (announcement.State == WorkerState.Left)
            {
                if (!isKnown) return;
                _members.Remove(announcement.Worker);
                isLost = true;
                changed = NextEpoch();
            }
            else
            {
                var now = time.GetTimestamp();
                _members[announcement.Worker] = new Member(announcement, now, announcement.FreeSlots < announcement.Slots ? null : known?.IdleSince ?? now);
                if (!isKnown || known!.Last.State != announcement.State) changed = NextEpoch();
                else if (known.Last.Methods.Count != announcement.Methods.Count) changed = Signal();
                if (!isKnown) DispatcherLog.WorkerJoined(log, announcement.Domain, announcement.Lease, announcement.Worker, announcement.Host);
            }
        }

        changed?.TrySetResult();
        if (isLost)
        {
            DispatcherLog.WorkerLeft(log, announcement.Domain, announcement.Lease, announcement.Worker);
            Lost?.Invoke(announcement);
        }
        else
        {
            Heard?.Invoke(announcement);
        }
    }

    /// <summary>Gives up the workers that were silent for too long.</summary>
    /// <param name="listeningSince">Since when whatever they said was heard, as a timestamp of the time provider: nobody is silent while we do not listen.</param>
    public void DropSilent(long listeningSince = 0)
    {
        List<WorkerAnnouncement> silent = [];
        TaskCompletionSource? changed = null;
        lock (_lock)
        {
            foreach (var (name, member) in _members)
            {
                if (time.GetElapsedTime(Math.Max(member.HeardAt, listeningSince)) > options.WorkerSilence) silent.Add(member.Last);
            }

            foreach (var worker in silent) _members.Remove(worker.Worker);
            if (silent.Count > 0) changed = NextEpoch();
        }

        changed?.TrySetResult();
        foreach (var worker in silent)
        {
            DispatcherLog.WorkerSilent(log, worker.Domain, worker.Lease, worker.Worker, options.WorkerSilence.TotalSeconds);
            Lost?.Invoke(worker);
        }
    }

    /// <summary>Takes note that a worker started a part, whatever it last said of its slots.</summary>
    public void Busy(string worker)
    {
        lock (_lock)
        {
            if (_members.TryGetValue(worker, out var member)) _members[worker] = member with { IdleSince = null };
        }
    }

    /// <summary>The live workers of a domain that said again and again, for so long, that all their slots are free. One word of it is a glimpse between two parts.</summary>
    public IReadOnlyList<WorkerAnnouncement> IdleWorkers(string domain, TimeSpan atLeast)
    {
        lock (_lock)
        {
            return [.. _members.Values
                .Where(member => member.Last.Domain == domain && member.Last.State == WorkerState.Live && member.IdleSince is { } since && time.GetElapsedTime(since, member.HeardAt) >= atLeast)
                .Select(member => member.Last)];
        }
    }

    /// <summary>What a worker last said of itself; null when none of that name is known to live.</summary>
    public WorkerAnnouncement? Find(string worker)
    {
        lock (_lock) return _members.GetValueOrDefault(worker)?.Last;
    }

    /// <summary>Whether a worker is known to live.</summary>
    public bool IsLive(string worker)
    {
        lock (_lock) return _members.ContainsKey(worker);
    }

    /// <summary>The live workers of a domain.</summary>
    public IReadOnlyList<WorkerAnnouncement> LiveWorkers(string domain)
    {
        lock (_lock) return [.. _members.Values.Select(member => member.Last).Where(worker => worker.Domain == domain && worker.State == WorkerState.Live)];
    }

    /// <summary>The live ranks of a domain.</summary>
    public ClusterSnapshot Snapshot(string domain, int tpSize = 1, int ppSize = 1)
    {
        lock (_lock)
        {
            return ClusterSnapshot.Of(
                _epoch,
                _members.Values.Where(member => member.Last.Domain == domain && member.Last.State == WorkerState.Live).Select(member => (member.Last.Lease, member.Last.Worker)),
                tpSize,
                ppSize);
        }
    }

    /// <summary>How a method of a domain travels, by what its workers tell; null when none of them has it.</summary>
    public RegisteredMethod? Method(string domain, string name) =>
        LiveWorkers(domain).SelectMany(worker => worker.Methods).FirstOrDefault(method => method.Name == name);

    /// <summary>Waits until a condition on the members holds.</summary>
    /// <returns>False when it did not hold in time.</returns>
    public Task<bool> WaitAsync(Func<Membership, bool> condition, TimeSpan timeout, CancellationToken cancellation) =>
        WaitAsync(() => condition(this), () => Changed, timeout, cancellation);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="condition">What is waited for.</param>
    /// <param name="change">What completes when the condition may have come to hold; asked for before the condition is looked at.</param>
    /// <param name="timeout">How long it is waited for.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>False when it did not hold in time.</returns>
    internal static async Task<bool> WaitAsync(Func<bool> condition, Func<Task> change, TimeSpan timeout, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(timeout);
        while (true)
        {
            var changed = change();
            if (condition()) return true;
            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return condition();
            }
        }
    }

    private TaskCompletionSource NextEpoch()
    {
        _epoch++;
        return Signal();
    }

    private TaskCompletionSource Signal()
    {
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return changed;
    }

    private sealed record Member(WorkerAnnouncement Last, long HeardAt, long? IdleSince);
}
