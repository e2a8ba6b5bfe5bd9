using System.Globalization;

namespace Fleet.Worker.Sandbox;

/// <summary>The worker's slots: started when runs wait, given up when idle, replaced when spoilt or old.</summary>
/// <remarks>
/// A place is where a slot may be; runs lease places. Whoever leases an empty place starts its slot, so slots start in
/// parallel and only as many as are needed. Runs of one group always lease the same place, in the order in which they asked.
/// A lease that lasts several times as long as the usual one is not counted any more, so that programs that loop until their
/// limit hold up no others; and for each there are two slots that stand in, started before anybody waits for them.
/// </remarks>
internal sealed class SlotPool : IAsyncDisposable
{
    /// <summary>A lease is long when it lasts so many times as long as the usual one.</summary>
    private const double LongTimes = 4;

    /// <summary>Slots that are started ahead for each long lease: its own stand-in, and that of the next.</summary>
    private const int StandIns = 2;

    private static readonly TimeSpan LongAtLeast = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongAtMost = TimeSpan.FromSeconds(1);

    /// <summary>What the past counts for at each further lease.</summary>
    private const double Memory = 0.9;

    private readonly Lock _lock = new();
    private readonly List<Place> _places;
    private readonly LinkedList<Waiter> _waiting = new();
    private readonly Func<int, CancellationToken, Task<Slot>> _start;
    private readonly SandboxOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private readonly ITimer _growing;
    private readonly ITimer _shrinking;
    private readonly List<Task> _warming = [];
    private TimeSpan _usual = LongAtMost / LongTimes;
    private bool _disposed;

    public SlotPool(SandboxOptions options, TimeProvider time, Func<int, CancellationToken, Task<Slot>> start)
    {
        _options = options;
        _time = time;
        _start = start;
        _places = [.. Enumerable.Range(0, options.MostSlots).Select(number => new Place(number))];
        _growing = time.CreateTimer(_ => Grow(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
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
            lock (_lock)
            {
                place.RunsSince = _time.GetTimestamp();
                AwaitLongLease();
            }

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
            if (_disposed) return;
            _disposed = true;
            slots = [.. _places.Where(place => !place.Leased).Select(place => place.Slot).OfType<Slot>()];
            foreach (var place in _places.Where(place => !place.Leased)) place.Slot = null;
            foreach (var waiter in _waiting) waiter.Place.TrySetCanceled();
            _waiting.Clear();
        }

        await _closing.CancelAsync();
        await _growing.DisposeAsync();
        await _shrinking.DisposeAsync();
        await Task.WhenAll(_warming);
        _closing.Dispose();
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
            if (place.RunsSince != 0) Learn(_time.GetElapsedTime(place.RunsSince));
            (place.Leased, place.Warms, place.RunsSince, place.IdleSince) = (false, false, 0, _time.GetTimestamp());
            if (_disposed) (left, place.Slot) = (place.Slot, null);
            else Admit();
        }

        if (left is not null) _ = left.DisposeAsync().AsTask();
    }

    private void Grow()
    {
        lock (_lock)
        {
            if (_disposed) return;
            Admit();
            AwaitLongLease();
            var lasting = _places.Count(IsLong);
            var wanted = lasting == 0 ? 0 : _options.Slots + (StandIns * lasting);
            var there = _places.Count(place => place.Leased || place.Slot is not null);
            _warming.RemoveAll(start => start.IsCompleted);
            foreach (var place in _places.Where(place => !place.Leased && place.Slot is null).Take(wanted - there))
            {
                // Leased to nobody while its slot starts.
                (place.Leased, place.Warms) = (true, true);
                _warming.Add(Task.Run(() => WarmAsync(place)));
            }
        }
    }

    private async Task WarmAsync(Place place)
    {
        try
        {
            place.Slot = await _start(place.Number, _closing.Token);
        }
#pragma warning disable CA1031 // Whoever leases the place next finds out, and says so.
        catch (Exception)
#pragma warning restore CA1031
        {
            // The place stays empty.
        }

        Return(place);
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

    private void AwaitLongLease()
    {
        if (_disposed) return;
        var counted = _places.Where(IsCounted).Where(place => place.RunsSince != 0).Select(place => Long - _time.GetElapsedTime(place.RunsSince)).ToList();
        if (counted.Count > 0) _growing.Change(counted.Min() + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    // A long lease counts as no more than what makes it long, so that a few that loop do not make looping usual.
    private void Learn(TimeSpan lease) => _usual = (Memory * _usual) + ((1 - Memory) * (lease < Long ? lease : Long));

    private Place? Free(Place? wanted)
    {
        if (wanted is not null) return wanted.Leased ? null : wanted;
        if (_places.Count(IsCounted) >= _options.Slots) return null;
        // A warm place first; the one used last has the warmest caches.
        return _places.Where(place => !place.Leased).OrderByDescending(place => place.Slot is not null).ThenByDescending(place => place.IdleSince).FirstOrDefault();
    }

    private TimeSpan Long => TimeSpan.FromTicks(Math.Clamp((long)(LongTimes * _usual.Ticks), LongAtLeast.Ticks, LongAtMost.Ticks));

    private bool IsLong(Place place) => place.RunsSince != 0 && _time.GetElapsedTime(place.RunsSince) > Long;

    private bool IsCounted(Place place) => place.Leased && !place.Warms && !IsLong(place);

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

        /// <summary>Whether its slot is being started ahead of need.</summary>
        public bool Warms { get; set; }

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
