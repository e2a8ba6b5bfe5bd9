using System.Runtime.CompilerServices;
using Fleet.Contracts.Messages;
using Fleet.Dispatcher.Clusters;
using Fleet.Dispatcher.Dispatch;
using Fleet.Dispatcher.Queue;
using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Runs;
using Fleet.Dispatcher.Shaped;
using Fleet.Messaging;
using Fleet.Messaging.DeadLetters;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Dispatcher;

/// <summary>The dispatcher's end of the queue: rollouts in, rewards out.</summary>
/// <remarks>
/// Rows are grouped by domain and cut into parts; each part goes to a queue, a worker scores it, its reply is matched by
/// call and part; results come out in the order of the rows. See docs/flow.md.
/// </remarks>
public sealed class RewardDispatcher : IHostedService, IDisposable
{
    private readonly DispatcherIdentity _identity = DispatcherIdentity.New();
    private readonly FleetBus _bus;
    private readonly DispatcherOptions _options;
    private readonly TimeProvider _time;
    private readonly PartSizes _sizes;
    private readonly PartDesk _desk;
    private readonly PartWatch _watch;
    private readonly PartScorer _scorer;
    private readonly RunDirectory _runs;
    private readonly CallFactory _calls;
    private readonly RankTargets _targets;
    private readonly List<IAsyncDisposable> _endpoints = [];

    /// <summary>Creates the dispatcher; <see cref="DispatcherServices.AddRewardDispatcher"/> does it in a host.</summary>
    public RewardDispatcher(FleetBus bus, Membership membership, DeadLetterQueues deadLetters, DispatcherOptions options, TimeProvider time, ILoggerFactory logs)
    {
        (_bus, Membership, _options, _time) = (bus, membership, options, time);
        _sizes = new PartSizes(options);
        _calls = new CallFactory(_identity, bus, options, time, logs.CreateLogger<CallFactory>());
        var served = new ServedQueues(time);
        _desk = new PartDesk(bus, membership, _sizes, served, _calls, options, time, logs.CreateLogger<PartDesk>());
        var window = new PartWindow(membership, time);
        _watch = new PartWatch(_desk, served, membership, new Backlog(_desk, window, membership, _sizes), bus, options, time);
        _runs = new RunDirectory(_identity, bus, membership, options, logs.CreateLogger<RunDirectory>());
        _scorer = new PartScorer(_desk, window, new GroupDesk(_desk, membership, time), _runs, deadLetters, options, time, logs.CreateLogger<PartScorer>());
        _targets = new RankTargets(membership);
    }

    /// <summary>The workers that live.</summary>
    public Membership Membership { get; }

    /// <summary>What the dispatchers of the fleet, this one too, said when they were last asked.</summary>
    public Peers Peers { get; } = new();

    /// <summary>Connects to the queue and starts to listen.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _endpoints.Add(await _bus.ReceiveRepliesAsync(_identity.Name, new ReplyConsumer(_desk, _runs), cancellationToken));
        _endpoints.Add(await _bus.HearAnnouncementsAsync(_identity.Name, new AnnouncementConsumer(Membership, Peers, _calls, new OwnAnnouncement(_identity, _calls, _desk), _bus), cancellationToken));
        Membership.Heard += Greet;
        Membership.Lost += _runs.Forget;
        await _watch.StartAsync(cancellationToken);
    }

    /// <summary>Stops listening.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Membership.Heard -= Greet;
        Membership.Lost -= _runs.Forget;
        await _watch.StopAsync(cancellationToken);
        foreach (var endpoint in _endpoints) await endpoint.DisposeAsync();
        _endpoints.Clear();
    }

    /// <summary>Makes the workers of a run's domains ready, all domains at once.</summary>
    /// <param name="run">The run.</param>
    /// <param name="domains">The domains to start; null for all of the run.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="Contracts.FleetException">The ranks of a domain refuse its configuration: what they said.</exception>
    public async Task InitializeAsync(RunDefinition run, IEnumerable<string>? domains, CancellationToken cancellation)
    {
        var wanted = run.Domains.Where(domain => domain.NotBuilt is null && domains?.Contains(domain.Domain) != false).ToList();
        await Task.WhenAll(wanted.Select(domain => domain.ServedBy).Distinct(StringComparer.Ordinal)
            .Select(served => _bus.BroadcastAsync(served, new RollCall { Domain = served }, cancellation)));
        await Task.WhenAll(wanted.Select(domain => _runs.EnsureAsync(run, domain, cancellation)));
    }

    /// <summary>Tells the live workers of a domain its configuration and waits for what they say.</summary>
    /// <returns>The workers that are not ready to serve it, and why; one that does not answer in time is not.</returns>
    public Task<IReadOnlyList<(string Worker, string Why)>> TryInitializeAsync(RunDefinition run, DomainDefinition domain, CancellationToken cancellation) =>
        _runs.TryInitializeAsync(run, domain, cancellation);

    /// <summary>Scores rows as they come: each row gets exactly one result, whatever happens.</summary>
    /// <param name="run">The run, initialised before.</param>
    /// <param name="rows">The rows; reading stops while too many are on their way.</param>
    /// <param name="options">How the call is made.</param>
    /// <param name="cancellation">Cancels the call on the workers too.</param>
    public async IAsyncEnumerable<RowReward> ScoreAsync(
        RunDefinition run, IAsyncEnumerable<Row> rows, CallOptions options, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var call = _calls.Open(run, options, run.Domains, cancellation);
        var rewards = new RewardCall(call.Context, _scorer, _targets, _sizes, _options, options, _time);
        var results = rewards.ScoreAsync(rows, call.Cancelled);
        if (run.IsShaped) results = new RewardShaper(run, options.MaxRowsInFlight ?? _options.MaxRowsInFlight).ShapeAsync(results, options.InOrder, call.Cancelled);
        await foreach (var reward in results) yield return reward;
        call.Completed();
    }

    /// <summary>The ranks of a domain, to call their methods by name.</summary>
    public Cluster Cluster(RunDefinition run, DomainDefinition domain) => new(run, domain, Membership, _desk, _scorer, _calls, _sizes, _options);

    /// <summary>Scores a batch as the reference's scheduler does: grouped by domain, all domains at once, in order.</summary>
    public RewardScheduler Scheduler(RunDefinition run) => new(run, domain => Cluster(run, domain), _calls, _options);

    /// <inheritdoc/>
    public void Dispose() => _watch.Dispose();

    private void Greet(WorkerAnnouncement worker) => _ = _runs.GreetAsync(worker, CancellationToken.None);
}
