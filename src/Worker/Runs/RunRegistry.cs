using Fleet.Contracts;
using Fleet.Contracts.Messages;
using Fleet.Contracts.Ranks;
using Fleet.Worker.Observability;
using Fleet.Worker.Scoring;
using Fleet.Worker.Strategies;
using Fleet.Worker.Tokens;
using Microsoft.Extensions.Logging;

namespace Fleet.Worker.Runs;

/// <summary>The runs that one domain's worker is ready for: one initialised reward worker each, so that two trainers do not disturb each other.</summary>
internal sealed class RunRegistry(
    string domain, WorkerOptions options, WorkerCatalog catalog, TokenizerShelf tokenizers, IServiceProvider services, ILogger log) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Run, string Hash), Entry> _runs = [];
    private long _uses;

    /// <summary>The worker of a run, waiting a while for a run that nobody told of yet; it stays until the use of it ends.</summary>
    /// <param name="run">The run.</param>
    /// <param name="hash">Hash of its configuration.</param>
    /// <param name="request">Asks the dispatcher for the configuration; called at most once, when the run is unknown.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="FleetException">The run's configuration cannot work here, or nobody sent it in time (transient).</exception>
    public async Task<RunInUse> UseAsync(string run, string hash, Func<Task> request, CancellationToken cancellation)
    {
        var entry = Find(run, hash, out var isNew, users: 1);
        var use = new RunInUse(entry);
        try
        {
            if (isNew) await request();
            await entry.Ready.Task.WaitAsync(options.InitializeTimeout, cancellation);
            return use;
        }
        catch (TimeoutException)
        {
            use.Dispose();
            // The question or its answer was lost; the next command asks again.
            if (Volatile.Read(ref entry.Started) == 0) Forget(run, hash, entry);
            throw new FleetException(
                $"The configuration of run {run} ({hash}) did not arrive within {options.InitializeTimeout.TotalSeconds:0} s; is its dispatcher still there?", isTransient: true);
        }
        catch
        {
            use.Dispose();
            if (isNew && Volatile.Read(ref entry.Started) == 0) Forget(run, hash, entry);
            throw;
        }
    }

    /// <summary>Makes the worker of a run ready; a run that is ready already stays as it is.</summary>
    /// <returns>One sentence on why it cannot be served, or null.</returns>
    public async Task<string?> InitializeAsync(InitializeRun message, int rank, CancellationToken cancellation)
    {
        var entry = Find(message.RunId, message.ConfigHash, out _);
        if (Interlocked.Exchange(ref entry.Started, 1) == 0)
        {
            try
            {
                var config = RunConfig.Parse(message.Config);
                var worker = catalog.Create(domain, config.WorkerClass);
                var place = RankInfo.Grouped(rank, (int)(config.Number("world_size") ?? 1), config.Group);
                await worker.InitializeAsync(
                    new WorkerSetup
                    {
                        Config = config,
                        Environment = WorkerEnvironment.ForDomain(domain, rank, place.WorldSize),
                        RankInfo = place,
                        Tokenizers = tokenizers,
                        Log = log,
                        Services = services,
                        CreateStrategy = services.GetService(typeof(IStrategyFactory)) is IStrategyFactory factory ? run => factory.Create(run, place) : null,
                    },
                    cancellation);
                WorkerLog.RunReady(log, domain, message.RunId, message.ConfigHash, worker.GetType().Name);
                entry.Ready.TrySetResult(worker);
            }
#pragma warning disable CA1031 // Whatever a worker's own initialisation throws is the answer to whoever started the run.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                WorkerLog.RunRefused(log, domain, message.RunId, failure.Message);
                var refusal = failure as FleetException ?? new FleetException($"{failure.GetType().Name}: {failure.Message}", isTransient: failure is OperationCanceledException, failure);
                // What failed for the moment is tried anew when somebody asks again.
                if (refusal.IsTransient) Forget(message.RunId, message.ConfigHash, entry);
                entry.Ready.TrySetException(refusal);
            }

            await EvictAsync();
        }

        try
        {
            await entry.Ready.Task.WaitAsync(cancellation);
            return null;
        }
        catch (FleetException refused)
        {
            return refused.Message;
        }
    }

    /// <summary>The methods of a run's worker; none while it is not ready.</summary>
    public IReadOnlyList<RegisteredMethod> MethodsOf(string run, string hash)
    {
        lock (_lock)
        {
            return _runs.TryGetValue((run, hash), out var entry) && entry.Ready.Task.IsCompletedSuccessfully ? MethodTable.Of(entry.Worker.GetType()).Methods : [];
        }
    }

    /// <summary>The classes in use, for the announcement of their methods.</summary>
    public IEnumerable<RewardWorker> Ready()
    {
        lock (_lock) return [.. _runs.Values.Where(entry => entry.Ready.Task.IsCompletedSuccessfully).Select(entry => entry.Worker)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in Ready()) await worker.DisposeAsync();
    }

    private Entry Find(string run, string hash, out bool isNew, int users = 0)
    {
        lock (_lock)
        {
            isNew = !_runs.TryGetValue((run, hash), out var entry);
            if (entry is null) _runs[(run, hash)] = entry = new Entry();
            entry.LastUse = ++_uses;
            entry.Users += users;
            return entry;
        }
    }

    private void Forget(string run, string hash, Entry entry)
    {
        lock (_lock)
        {
            if (_runs.GetValueOrDefault((run, hash)) == entry) _runs.Remove((run, hash));
        }
    }

    private async Task EvictAsync()
    {
        List<RewardWorker> evicted = [];
        lock (_lock)
        {
            // One that a part is just scored with stays; there are no more of those than slots.
            var idle = _runs.Where(run => Volatile.Read(ref run.Value.Users) == 0).OrderBy(run => run.Value.LastUse).Select(run => run.Key).Take(_runs.Count - options.MaxRuns).ToList();
            foreach (var key in idle)
            {
                if (_runs.Remove(key, out var oldest) && oldest.Ready.Task.IsCompletedSuccessfully) evicted.Add(oldest.Worker);
            }
        }

        foreach (var worker in evicted) await worker.DisposeAsync();
    }

    /// <summary>The worker of a run while a part is scored with it.</summary>
    internal sealed class RunInUse : IDisposable
    {
        private readonly Entry _entry;

        internal RunInUse(Entry entry) => _entry = entry;

        public RewardWorker Worker => _entry.Worker;

        public void Dispose() => Interlocked.Decrement(ref _entry.Users);
    }

    internal sealed class Entry
    {
        public int Started;

        public int Users;

        public TaskCompletionSource<RewardWorker> Ready { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long LastUse { get; set; }

#pragma warning disable RS0030 // Only read once the task has completed.
        public RewardWorker Worker => Ready.Task.Result;
#pragma warning restore RS0030
    }
}
