namespace Fleet.Messaging.Leases;

/// <summary>Numbers for workers that share one process: nobody else can take them, so nothing can be lost.</summary>
internal sealed class LocalRankLeases : IRankLeases
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SortedSet<int>> _taken = new(StringComparer.Ordinal);
    private TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<IRankLease> AcquireAsync(string domain, int? wanted, CancellationToken cancellation)
    {
        while (true)
        {
            Task released;
            lock (_lock)
            {
                if (!_taken.TryGetValue(domain, out var taken)) _taken[domain] = taken = [];
                var rank = wanted ?? LowestFree(taken);
                if (taken.Add(rank)) return new Lease(this, domain, rank);
                released = _released.Task;
            }

            await released.WaitAsync(cancellation);
        }
    }

    private static int LowestFree(SortedSet<int> taken)
    {
        var free = 0;
        foreach (var rank in taken)
        {
            if (rank != free) break;
            free++;
        }

        return free;
    }

    private void Release(string domain, int rank)
    {
        TaskCompletionSource released;
        lock (_lock)
        {
            _taken[domain].Remove(rank);
            released = _released;
            _released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        released.TrySetResult();
    }

    private sealed class Lease(LocalRankLeases owner, string domain, int rank) : IRankLease
    {
        private int _disposed;

        public int Rank => rank;

        public CancellationToken Lost => CancellationToken.None;

        public ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0) owner.Release(domain, rank);
            return ValueTask.CompletedTask;
        }
    }
}
