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

    /// <summary>The worker of a run, waiting a while for a run that nobody told of yet.</summary>
    /// <param name="run">The run.</param>
    /// <param name="hash">Hash of its configuration.</param>
    /// <param name="request">Asks the dispatcher for the configuration; called at most once, when the run is unknown.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="FleetException">The run's configuration cannot work here, or nobody sent it in time (transient).</exception>
    public async Task<RewardWorker> GetAsync(string run, string hash, Func<Task> request, CancellationToken cancellation)
    {
        var entry = Find(run, hash, out var isNew);
        if (isNew) await request();
        try
        {
            return await entry.Ready.Task.WaitAsync(options.InitializeTimeout, cancellation);
        }
        catch (TimeoutException)
        {
            // The question or its answer was lost; the next command asks again.
            lock (_lock)
            {
                if (entry.Started == 0 && _runs.GetValueOrDefault((run, hash)) == entry) _runs.Remove((run, hash));
            }

            throw new FleetException(
                $"The configuration of run {run} ({hash}) did not arrive within {options.InitializeTimeout.TotalSeconds:0} s; is its dispatcher still there?", isTransient: true);
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
            catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
            {
                WorkerLog.RunRefused(log, domain, message.RunId, failure.Message);
                entry.Ready.TrySetException(failure as FleetException ?? new FleetException($"{failure.GetType().Name}: {failure.Message}", inner: failure));
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

    private Entry Find(string run, string hash, out bool isNew)
    {
        lock (_lock)
        {
            isNew = !_runs.TryGetValue((run, hash), out var entry);
            if (entry is null) _runs[(run, hash)] = entry = new Entry();
            entry.LastUse = ++_uses;
            return entry;
        }
    }

    private async Task EvictAsync()
    {
        List<RewardWorker> evicted = [];
        lock (_lock)
        {
            while (_runs.Count > options.MaxRuns)
            {
                var oldest = _runs.MinBy(run => run.Value.LastUse);
                _runs.Remove(oldest.Key);
                if (oldest.Value.Ready.Task.IsCompletedSuccessfully) evicted.Add(oldest.Value.Worker);
            }
        }

        foreach (var worker in evicted) await worker.DisposeAsync();
    }

    private sealed class Entry
    {
        public int Started;

        public TaskCompletionSource<RewardWorker> Ready { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long LastUse { get; set; }

#pragma warning disable RS0030 // Only read once the task has completed.
        public RewardWorker Worker => Ready.Task.Result;
#pragma warning restore RS0030
    }
}
