using Fleet.Contracts.Messages;
using Fleet.Messaging;
using Fleet.Messaging.Leases;
using Fleet.Worker.Health;
using Fleet.Worker.Observability;
using Fleet.Worker.Queue;
using Fleet.Worker.Runs;
using Fleet.Worker.Scoring;
using Fleet.Worker.Tokens;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Worker;

/// <summary>Serves one domain: lease, queues, announcements; starts over with a new lease when the old one is lost, and ends when it is drained.</summary>
internal sealed class DomainService(
    string domain, WorkerOptions options, FleetBus bus, IRankLeases leases, WorkerCatalog catalog, TokenizerShelf tokenizers,
    WorkerHealth health, ProcessRoom room, IServiceProvider services, TimeProvider time, ILoggerFactory logs) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Who leaves says so, but does not wait for a broker that is away.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly ILogger _log = logs.CreateLogger($"Fleet.Worker.{domain}");
    private readonly TaskCompletionSource _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _draining = new();

    // The same for all its leases, so that its own queue, which a broker that was restarted still has, is its own again.
    private readonly string _worker = Guid.NewGuid().ToString("N")[..12];

    // Longer than a lease: a part that comes again after one was lost gets the same answer.
    private readonly ReplyStore _replies = new(time);

    // What can be known before a run says more: a domain that is not built in has its class from there.
    private readonly RewardWorker? _sample = catalog.ClassOf(domain) is { } known ? catalog.Create(domain, known) : null;

    /// <summary>Completes when the worker serves its queues for the first time.</summary>
    public Task Serving => _serving.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested && !_draining.IsCancellationRequested)
            {
                try
                {
                    await ServeOneLeaseAsync(stoppingToken);
                }
#pragma warning disable CA1031 // It served before, so nothing is wrong with what it was told: the broker is away for a while, however that shows.
                catch (Exception away) when (_serving.Task.IsCompletedSuccessfully && !stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    WorkerLog.BrokerAway(_log, domain, away.Message);
                    await Task.Delay(Pause, time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Told to stop.
        }
        catch (Exception failure)
        {
            _serving.TrySetException(failure);
            throw;
        }
    }

    private async Task ServeOneLeaseAsync(CancellationToken stopping)
    {
        await using var lease = await leases.AcquireAsync(domain, options.Rank, stopping);
        var identity = new DomainIdentity(domain, _worker, lease.Rank);
        await using var runs = new RunRegistry(domain, options, catalog, tokenizers, services, _log);
        var inHand = new PartsInHand(time);
        var slots = options.Slots ?? _sample?.PartsAtOnce(options) ?? Environment.ProcessorCount;
        var announcer = new Announcer(identity, slots, options, bus, runs, inHand, MethodTable.Of(_sample?.GetType() ?? typeof(RewardWorker)).Methods, time, _log);
        var commands = new CommandConsumer(identity, bus, runs, inHand, new PartSlots(slots, room, time), _replies, time, _log);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, lease.Lost, _draining.Token);
        await using (await bus.HearBroadcastsAsync(domain, identity.Worker, new BroadcastConsumer(identity, bus, runs, inHand, announcer, Drain), stopping))
        {
            List<IAsyncDisposable> queues = [];
            try
            {
                queues.Add(await bus.ServeRankAsync(domain, lease.Rank, slots, commands, stopping));
                queues.Add(await bus.ServeWorkAsync(domain, slots, commands, stopping));
                queues.Add(await bus.ServeEvaluationAsync(domain, slots, commands, stopping));
                WorkerLog.Serving(_log, domain, lease.Rank, identity.Worker, slots);
                _serving.TrySetResult();
                health.Serves(domain, lease.Rank);
                await announcer.RunAsync(WorkerState.Live, ending.Token);
                if (lease.Lost.IsCancellationRequested) WorkerLog.LeaseLost(_log, domain, lease.Rank);
            }
            finally
            {
                health.Stops(domain);
                await DrainAsync(announcer, queues);
            }

            await SayFarewellAsync(announcer);
        }

        WorkerLog.Left(_log, domain, lease.Rank);
    }

    // All queues at once: what is in hand is finished, what is prefetched goes back, and none gives more while another ends. As
    // long as that takes the worker is there, and says so.
    private static async Task DrainAsync(Announcer announcer, IEnumerable<IAsyncDisposable> queues)
    {
        using var drained = new CancellationTokenSource();
        var saying = announcer.RunAsync(WorkerState.Draining, drained.Token);
        try
        {
            await Task.WhenAll(queues.Select(queue => queue.DisposeAsync().AsTask()));
        }
        finally
        {
            await drained.CancelAsync();
            await saying;
        }
    }

    private async Task SayFarewellAsync(Announcer announcer)
    {
        using var patience = new CancellationTokenSource(Farewell, time);
        try
        {
            await announcer.AnnounceAsync(WorkerState.Left, patience.Token);
        }
        catch (OperationCanceledException late)
        {
            WorkerLog.AnnouncementLost(_log, domain, late.Message);
        }
    }

    // What follows does not run on the thread that heard the word: it waits for that very consumer to end.
    private void Drain() => _ = _draining.CancelAsync();
}
