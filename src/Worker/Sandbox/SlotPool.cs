using System.Globalization;

namespace Fleet.Worker.Sandbox;

/// <summary>The worker's slots: started when runs wait, given up when idle, replaced when spoilt or old.</summary>
/// <remarks>
/// A place is where a slot may be; runs lease places. Whoever leases an empty place starts its slot, so slots start in
/// parallel and only as many as are needed. Runs of one group always lease the same place, in the order in which they asked.
/// A lease that lasts is not counted any more, so that programs that loop until their limit hold up no others.
/// </remarks>
internal sealed class SlotPool : IAsyncDisposable
{
    private static readonly TimeSpan LongLease = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly List<Place> _places;
    private readonly LinkedList<Waiter> _waiting = new();
    private readonly Func<int, CancellationToken, Task<Slot>> _start;
    private readonly SandboxOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _growing;
    private readonly ITimer _shrinking;
    private bool _disposed;

    public SlotPool(SandboxOptions options, TimeProvider time, Func<int, CancellationToken, Task<Slot>> start)
    {
        _options = options;
        _time = time;
        _start = start;
        _places = [.. Enumerable.Range(0, options.MostSlots).Select(number => new Place(number))];
        _growing = time.CreateTimer(_ => Grow(), null, Turn, Turn);
        var period = TimeSpan.FromSeconds(Math.Max(0.5, options.IdleSeconds / 2));
        _shrinking = time.CreateTimer(_ => Shrink(), null, period, period);
    }

    /// <summary>How many slots are up.</summary>
    public int Running
    {
        get
        {
            lock (_lock) return _places.Count(place => place.Slot is not null);
        }
    }

    /// <summary>Waits for a slot, and starts it if need be.</summary>
    /// <param name="group">Runs of the same group get the same slot, in order; empty for any slot.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Lease> LeaseAsync(string group, CancellationToken cancel)
    {
        var place = await TakeAsync(group, cancel);
        try
        {
            if (place.Slot is { } old && (old.Spoilt || old.Runs >= _options.RunsPerSlot))
            {
                place.Slot = null;
                await old.DisposeAsync();
            }

            place.Slot ??= await _start(place.Number, cancel);
            lock (_lock) place.RunsSince = _time.GetTimestamp();
            return new Lease(this, place, place.Slot);
        }
        catch
        {
            Return(place);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<Slot> slots;
        lock (_lock)
        {
            _disposed = true;
            slots = [.. _places.Where(place => !place.Leased).Select(place => place.Slot).OfType<Slot>()];
            foreach (var place in _places.Where(place => !place.Leased)) place.Slot = null;
            foreach (var waiter in _waiting) waiter.Place.TrySetCanceled();
            _waiting.Clear();
        }

        await _growing.DisposeAsync();
        await _shrinking.DisposeAsync();
        await Task.WhenAll(slots.Select(slot => slot.DisposeAsync().AsTask()));
    }

    private async Task<Place> TakeAsync(string group, CancellationToken cancel)
    {
        LinkedListNode<Waiter> waiting;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var wanted = group.Length > 0 ? _places[(int)(Hash(group) % (uint)_options.Slots)] : null;
            if (Free(wanted) is { } free)
            {
                free.Leased = true;
                return free;
            }

            waiting = _waiting.AddLast(new Waiter(wanted, new TaskCompletionSource<Place>(TaskCreationOptions.RunContinuationsAsynchronously)));
        }

        await using var registration = cancel.Register(() =>
        {
            lock (_lock)
            {
                if (waiting.List is null) return;
                _waiting.Remove(waiting);
            }

            waiting.Value.Place.TrySetCanceled(cancel);
        });
        return await waiting.Value.Place.Task;
    }

    private void Return(Place place)
    {
        Slot? left = null;
        lock (_lock)
        {
            (place.Leased, place.RunsSince, place.IdleSince) = (false, 0, _time.GetTimestamp());
            if (_disposed) (left, place.Slot) = (place.Slot, null);
            else Admit();
        }

        if (left is not null) _ = left.DisposeAsync().AsTask();
    }

    private void Grow()
    {
        lock (_lock) Admit();
    }

    // Those who wait, in the order in which they came; one that waits for a place of its own holds up nobody.
    private void Admit()
    {
        var isFull = false;
        for (var node = _waiting.First; node is not null;)
        {
            var (waiter, next) = (node.Value, node.Next);
            var free = isFull && waiter.Wanted is null ? null : Free(waiter.Wanted);
            if (free is not null)
            {
                free.Leased = true;
                _waiting.Remove(node);
                waiter.Place.TrySetResult(free);
            }

            isFull |= free is null && waiter.Wanted is null;
            node = next;
        }
    }

    private Place? Free(Place? wanted)
    {
        if (wanted is not null) return wanted.Leased ? null : wanted;
        if (_places.Count(place => place.Leased && !IsLong(place)) >= _options.Slots) return null;
        // A warm place first; the one used last has the warmest caches.
        return _places.Where(place => !place.Leased).OrderByDescending(place => place.Slot is not null).ThenByDescending(place => place.IdleSince).FirstOrDefault();
    }

    private bool IsLong(Place place) => place.RunsSince != 0 && _time.GetElapsedTime(place.RunsSince) > LongLease;

    private void Shrink()
    {
        var given = new List<Slot>();
        lock (_lock)
        {
            foreach (var place in _places.OrderBy(place => place.IdleSince))
            {
                if (place.Leased || place.Slot is null) continue;
                if (_places.Count(one => one.Slot is not null) <= _options.IdleSlots) break;
                if (_time.GetElapsedTime(place.IdleSince).TotalSeconds < _options.IdleSeconds) continue;
                given.Add(place.Slot);
                place.Slot = null;
            }
        }

        foreach (var slot in given) _ = slot.DisposeAsync().AsTask();
    }

    // The same for the same group in every process, so that nothing need be remembered.
    private static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text) hash = (hash ^ c) * 16777619u;
        return hash;
    }

    /// <summary>Where a slot is or may be.</summary>
    internal sealed class Place(int number)
    {
        public int Number { get; } = number;

        public Slot? Slot { get; set; }

        public bool Leased { get; set; }

        /// <summary>When the lease had its slot; 0 before that, and without a lease.</summary>
        public long RunsSince { get; set; }

        public long IdleSince { get; set; }
    }

    /// <summary>The use of one slot, until disposed.</summary>
    internal readonly struct Lease(SlotPool pool, Place place, Slot slot) : IDisposable
    {
        public Slot Slot { get; } = slot;

        /// <summary>The slot's name, the same for whatever container is at its place.</summary>
        public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}-{place.Number}");

        public void Dispose() => pool.Return(place);
    }

    private sealed record Waiter(Place? Wanted, TaskCompletionSource<Place> Place);
}
