using System.Collections.Concurrent;
using Fleet.Contracts.Messages;

namespace Fleet.Worker.Queue;

/// <summary>The parts that a worker works on, and the calls that are no longer wanted.</summary>
internal sealed class PartsInHand(TimeProvider time)
{
    private const int RememberedCancellations = 4096;

    private readonly ConcurrentDictionary<PartKey, PartInHand> _parts = new();
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
        var part = new PartInHand(this, new PartKey(header.CallId, header.Part), shutdown);
        if (!_parts.TryAdd(part.Key, part))
        {
            part.Dispose();
            return null;
        }

        if (header.Deadline is { } deadline) part.EndAfter(deadline - time.GetUtcNow());
        if (IsCancelled(header.CallId)) part.Cancel();
        return part;
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

        foreach (var (key, part) in _parts)
        {
            if (key.CallId == call) part.Cancel();
        }
    }

    /// <summary>One part while it is worked on.</summary>
    internal sealed class PartInHand : IDisposable
    {
        private readonly PartsInHand _owner;
        private readonly CancellationTokenSource _cancellation;
        private volatile bool _isUnwanted;

        public PartInHand(PartsInHand owner, PartKey key, CancellationToken shutdown)
        {
            (_owner, Key) = (owner, key);
            _cancellation = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
            Token = _cancellation.Token;
        }

        /// <summary>The part.</summary>
        public PartKey Key { get; }

        /// <summary>Fires when the part is to stop: cancelled, past its deadline, or the worker is stopped hard.</summary>
        public CancellationToken Token { get; }

        /// <summary>Whether nobody waits for an answer. A part that only ran out of time answers with the rows that it has.</summary>
        public bool IsUnwanted => _isUnwanted;

        /// <summary>Nobody wants the part any more.</summary>
        public void Cancel()
        {
            _isUnwanted = true;
            try
            {
                _cancellation.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The part ended at this very moment.
            }
        }

        /// <summary>Its time is over after a while, or is over.</summary>
        public void EndAfter(TimeSpan left)
        {
            if (left <= TimeSpan.Zero) _cancellation.Cancel();
            else if (left < TimeSpan.FromDays(1)) _cancellation.CancelAfter(left);
        }

        public void Dispose()
        {
            _owner._parts.TryRemove(KeyValuePair.Create(Key, this));
            _cancellation.Dispose();
        }
    }
}
