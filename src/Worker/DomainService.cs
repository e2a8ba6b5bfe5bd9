using Fleet.Contracts;
using Fleet.Contracts.Messages;
using Fleet.Messaging;
using Fleet.Messaging.Leases;
using Fleet.Worker.Health;
using Fleet.Worker.Observability;
using Fleet.Worker.Queue;
using Fleet.Worker.Runs;
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

    private readonly ILogger _log = logs.CreateLogger($"Fleet.Worker.{domain}");
    private readonly TaskCompletionSource _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _draining = new();

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
                catch (FleetException away) when (away.IsTransient && _serving.Task.IsCompletedSuccessfully)
                {
                    // It served before, so the address is right and the broker is away for a while.
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
        var identity = new DomainIdentity(domain, Guid.NewGuid().ToString("N")[..12], lease.Rank);
        await using var runs = new RunRegistry(domain, options, catalog, tokenizers, services, _log);
        var inHand = new PartsInHand(time);
        var announcer = new Announcer(identity, options, bus, runs, inHand, OwnMethods(), time, _log);
        var slots = new PartSlots(options.Slots, room);
        var commands = new CommandConsumer(identity, bus, runs, inHand, slots, new ReplyStore(), time, _log);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, lease.Lost, _draining.Token);
        await using (await bus.HearBroadcastsAsync(domain, identity.Worker, new BroadcastConsumer(identity, bus, runs, inHand, announcer, Drain), stopping))
        {
            // Leaving the block stops the queues: what is in hand is finished, what is prefetched goes back.
            await using (await bus.ServeRankAsync(domain, lease.Rank, options.Slots, commands, stopping))
            await using (await bus.ServeWorkAsync(domain, options.Slots, commands, stopping))
            await using (await bus.ServeEvaluationAsync(domain, options.Slots, commands, stopping))
            {
                WorkerLog.Serving(_log, domain, lease.Rank, identity.Worker, options.Slots);
                var announcing = announcer.RunAsync(ending.Token);
                _serving.TrySetResult();
                health.Serves(domain, lease.Rank);
                try
                {
                    await announcing;
                }
                finally
                {
                    health.Stops(domain);
                }

                if (lease.Lost.IsCancellationRequested) WorkerLog.LeaseLost(_log, domain, lease.Rank);
                await announcer.AnnounceAsync(WorkerState.Draining, CancellationToken.None);
            }

            await announcer.AnnounceAsync(WorkerState.Left, CancellationToken.None);
        }

        WorkerLog.Left(_log, domain, lease.Rank);
    }

    // What follows does not run on the thread that heard the word: it waits for that very consumer to end.
    private void Drain() => _ = _draining.CancelAsync();

    private IReadOnlyList<Contracts.Ranks.RegisteredMethod> OwnMethods() =>
        MethodTable.Of(catalog.ClassOf(domain) is { } known ? catalog.Create(domain, known).GetType() : typeof(Scoring.RewardWorker)).Methods;
}
