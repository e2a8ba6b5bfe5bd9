using System.Collections.Concurrent;
using Fleet.Contracts;
using Fleet.Contracts.Messages;
using Fleet.Contracts.Ranks;
using Fleet.Dispatcher.Clusters;
using Fleet.Dispatcher.Observability;
using Fleet.Messaging;
using Microsoft.Extensions.Logging;

namespace Fleet.Dispatcher.Runs;

/// <summary>The runs of this dispatcher: tells workers of them, and knows who is ready.</summary>
internal sealed class RunDirectory(DispatcherIdentity identity, FleetBus bus, Membership membership, DispatcherOptions options, ILogger<RunDirectory> log)
{
    private readonly ConcurrentDictionary<(string Run, string ServedBy, string Hash), RunState> _runs = new();
    private readonly ConcurrentDictionary<(string Run, string ServedBy, string Hash), Task> _starts = new();

    /// <summary>Starts a domain of a run when its first rows come; who asks later waits for the same start.</summary>
    /// <exception cref="FleetException">No rank can serve the run: what the ranks said.</exception>
    public async Task EnsureAsync(RunDefinition run, DomainDefinition domain, CancellationToken cancellation)
    {
        var key = (run.RunId, domain.ServedBy, domain.ConfigHash);
        var start = _starts.GetOrAdd(key, _ => InitializeAsync(run, domain, CancellationToken.None));
        try
        {
            await start.WaitAsync(cancellation);
        }
        finally
        {
            // Refused by the workers of that moment, or the broker was away; whoever asks next starts anew.
            if (start.IsFaulted || start.IsCanceled) _starts.TryRemove(KeyValuePair.Create(key, start));
        }
    }

    /// <summary>Starts a domain of a run: broadcasts its configuration and waits for the ranks that are known.</summary>
    /// <exception cref="FleetException">No rank can serve the run: what the ranks said.</exception>
    public async Task InitializeAsync(RunDefinition run, DomainDefinition domain, CancellationToken cancellation)
    {
        await TryInitializeAsync(run, domain, cancellation);
        var answers = _runs[(run.RunId, domain.ServedBy, domain.ConfigHash)].Answers.Values;
        if (answers.Count > 0 && answers.All(error => error is not null)) throw new FleetException($"The domain '{domain.Domain}' cannot be served: {answers.First()}");
    }

    /// <summary>Broadcasts the configuration of a domain and waits for the ranks that are known.</summary>
    /// <returns>The ranks that are not ready, and why: those that refused, and those that did not answer in time.</returns>
    public async Task<IReadOnlyList<(string Worker, string Why)>> TryInitializeAsync(RunDefinition run, DomainDefinition domain, CancellationToken cancellation)
    {
        var message = new InitializeRun
        {
            RunId = run.RunId,
            ConfigHash = domain.ConfigHash,
            Domain = domain.ServedBy,
            Config = domain.Config,
            ReplyTo = identity.Name,
        };
        await membership.WaitAsync(members => members.LiveWorkers(domain.ServedBy).Count > 0, options.InitializeTimeout, cancellation);
        var state = _runs.GetOrAdd((run.RunId, domain.ServedBy, domain.ConfigHash), _ => new RunState(message));
        await bus.BroadcastAsync(domain.ServedBy, message, cancellation);

        var known = membership.LiveWorkers(domain.ServedBy);
        await WaitAsync(state, () => membership.LiveWorkers(domain.ServedBy).All(worker => state.Answers.ContainsKey(worker.Worker)), options.InitializeTimeout, cancellation);
        var refused = state.Answers.Where(answer => answer.Value is not null).Select(answer => (answer.Key, answer.Value!)).ToList();
        foreach (var (worker, error) in refused) DispatcherLog.RunRefused(log, domain.Domain, worker, run.RunId, error);
        DispatcherLog.RunReady(log, domain.Domain, run.RunId, domain.ConfigHash, state.Answers.Count - refused.Count, known.Count);
        var silent = membership.LiveWorkers(domain.ServedBy).Where(worker => !state.Answers.ContainsKey(worker.Worker));
        return [.. refused, .. silent.Select(worker => (worker.Worker, $"It did not answer within {options.InitializeTimeout.TotalSeconds:0.#} s."))];
    }

    /// <summary>A worker confirms, or refuses, a run.</summary>
    public void Confirmed(RunInitialized message)
    {
        if (_runs.TryGetValue((message.RunId, message.Domain, message.ConfigHash), out var state)) state.Answer(message);
    }

    /// <summary>Whether the rows of one group must reach the workers of a run together, by what its workers said when they got ready.</summary>
    public bool IsGroupLevel(RunDefinition run, DomainDefinition domain) =>
        _runs.TryGetValue((run.RunId, domain.ServedBy, domain.ConfigHash), out var state) && state.IsGroupLevel;

    /// <summary>Waits until a worker of a run said that it is ready, for nobody else knows whether its method needs whole groups.</summary>
    public Task AnyReadyAsync(RunDefinition run, DomainDefinition domain, TimeSpan timeout, CancellationToken cancellation) =>
        _runs.TryGetValue((run.RunId, domain.ServedBy, domain.ConfigHash), out var state)
            ? WaitAsync(state, () => state.Answers.Any(answer => answer.Value is null), timeout, cancellation)
            : Task.CompletedTask;

    /// <summary>A worker asks for the configuration of a run: one that joined late, or started anew.</summary>
    public async Task AnswerAsync(RunRequested request, CancellationToken cancellation)
    {
        foreach (var ((run, servedBy, _), state) in _runs)
        {
            if (run == request.RunId && servedBy == request.Domain) await bus.TellWorkerAsync(request.Domain, request.Worker, state.Message, cancellation);
        }
    }

    /// <summary>A worker joined: it is told of all runs before work reaches it.</summary>
    public async Task GreetAsync(WorkerAnnouncement worker, CancellationToken cancellation)
    {
        foreach (var ((_, servedBy, _), state) in _runs)
        {
            if (servedBy == worker.Domain && state.Greet(worker.Worker)) await bus.TellWorkerAsync(worker.Domain, worker.Worker, state.Message, cancellation);
        }
    }

    /// <summary>A worker is gone; should it come back, it is greeted as a new one is.</summary>
    public void Forget(WorkerAnnouncement worker)
    {
        foreach (var state in _runs.Values) state.Forget(worker.Worker);
    }

    // What is waited for changes with an answer, and with a worker that is lost before it gave one.
    private Task<bool> WaitAsync(RunState state, Func<bool> condition, TimeSpan timeout, CancellationToken cancellation) =>
        Membership.WaitAsync(condition, () => Task.WhenAny(state.Answered, membership.Changed), timeout, cancellation);

    private sealed class RunState(InitializeRun message)
    {
        private readonly ConcurrentDictionary<string, bool> _greeted = new(StringComparer.Ordinal);
        private TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public InitializeRun Message { get; } = message;

        public ConcurrentDictionary<string, string?> Answers { get; } = new(StringComparer.Ordinal);

        public bool Greet(string worker) => _greeted.TryAdd(worker, true);

        public void Forget(string worker)
        {
            _greeted.TryRemove(worker, out _);
            Answers.TryRemove(worker, out _);
        }

        public bool IsGroupLevel { get; private set; }

        public void Answer(RunInitialized answer)
        {
            if (answer.Methods.Any(method => method is { Name: RegisteredMethod.ComputeRewards, GroupLevel: true })) IsGroupLevel = true;
            Answers[answer.Worker] = answer.Error;
            Interlocked.Exchange(ref _answered, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }

        /// <summary>Completes at the next answer.</summary>
        public Task Answered => Volatile.Read(ref _answered).Task;
    }
}

/// <summary>What this dispatcher is called on the queue.</summary>
/// <param name="Name">Unique over all processes of all times.</param>
internal sealed record DispatcherIdentity(string Name)
{
    public static DispatcherIdentity New() => new(Guid.NewGuid().ToString("N")[..12]);
}
