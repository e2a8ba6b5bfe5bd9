using System.Collections.Concurrent;
using Fleet.Contracts.Messages;

namespace Fleet.Worker.Queue;

/// <summary>The parts that a worker works on, and the calls that are no longer wanted.</summary>
internal sealed class PartsInHand(TimeProvider time)
{
    private const int RememberedCancellations = 4096;

    private readonly ConcurrentDictionary<PartKey, CancellationTokenSource> _parts = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Guid> _cancelled = [];
    private readonly Queue<Guid> _cancelledInOrder = new();

    /// <summary>How many parts are worked on.</summary>
    public int Count => _parts.Count;

    /// <summary>The parts, as announcements write them.</summary>
    public IReadOnlyList<string> Keys => [.. _parts.Keys.Select(key => key.ToString())];

    /// <summary>Whether a call was cancelled.</summary>
    public bool IsCancelled(Guid call)
    {
        lock (_lock) return _cancelled.Contains(call);
    }

    /// <summary>Starts a part; null when this worker works on the same part already.</summary>
    /// <param name="header">The part's command.</param>
    /// <param name="shutdown">Fires when the endpoint is torn down.</param>
    public PartInHand? TryBegin(CommandHeader header, CancellationToken shutdown)
    {
        var key = new PartKey(header.CallId, header.Part);
        var cancellation = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
        if (!_parts.TryAdd(key, cancellation))
        {
            cancellation.Dispose();
            return null;
        }

        if (header.Deadline is { } deadline)
        {
            var left = deadline - time.GetUtcNow();
            if (left <= TimeSpan.Zero) cancellation.Cancel();
            else if (left < TimeSpan.FromDays(1)) cancellation.CancelAfter(left);
        }

        if (IsCancelled(header.CallId)) cancellation.Cancel();
        return new PartInHand(this, key, cancellation);
    }

    /// <summary>Stops what runs of a call, and remembers not to start the rest.</summary>
    public void Cancel(Guid call)
    {
        lock (_lock)
        {
            if (!_cancelled.Add(call)) return;
            _cancelledInOrder.Enqueue(call);
            if (_cancelledInOrder.Count > RememberedCancellations) _cancelled.Remove(_cancelledInOrder.Dequeue());
        }

        foreach (var (key, cancellation) in _parts)
        {
            if (key.CallId != call) continue;
            try
            {
                cancellation.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The part ended at this very moment.
            }
        }
    }

    private void End(PartKey key, CancellationTokenSource cancellation)
    {
        _parts.TryRemove(key, out _);
        cancellation.Dispose();
    }

    /// <summary>One part while it is worked on.</summary>
    internal sealed class PartInHand(PartsInHand owner, PartKey key, CancellationTokenSource cancellation) : IDisposable
    {
        /// <summary>Fires when the part is no longer wanted: cancelled, past its deadline, or the worker is stopped hard.</summary>
        public CancellationToken Token { get; } = cancellation.Token;

        public void Dispose() => owner.End(key, cancellation);
    }
}
