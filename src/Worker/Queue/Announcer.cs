using System.Globalization;
using Fleet.Contracts.Messages;
using Fleet.Contracts.Ranks;
using Fleet.Messaging;
using Fleet.Worker.Observability;
using Fleet.Worker.Runs;
using Microsoft.Extensions.Logging;

namespace Fleet.Worker.Queue;

/// <summary>Shows the dispatchers that a worker lives, what it can do, and what it has in hand.</summary>
internal sealed class Announcer(
    DomainIdentity identity, int slots, WorkerOptions options, FleetBus bus, RunRegistry runs, PartsInHand inHand, IReadOnlyList<RegisteredMethod> ownMethods, TimeProvider time, ILogger log)
{
    private static readonly string Version = typeof(Announcer).Assembly.GetName().Version?.ToString(3) ?? "";
    private static readonly string Host = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}");

    private volatile WorkerState _state = WorkerState.Live;

    /// <summary>Announces from now on a state, until cancelled; a broker that is away is tried again at the next turn.</summary>
    public async Task RunAsync(WorkerState state, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(options.AnnounceEvery, time);
        try
        {
            do
            {
                await AnnounceAsync(state, cancellation);
            }
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    /// <summary>Says once that the worker is now in another state of its life.</summary>
    public Task AnnounceAsync(WorkerState state, CancellationToken cancellation)
    {
        _state = state;
        return AnnounceAsync(cancellation);
    }

    /// <summary>Says once how the worker is.</summary>
    public async Task AnnounceAsync(CancellationToken cancellation)
    {
        try
        {
            await bus.AnnounceAsync(Announcement(_state), cancellation);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            WorkerLog.AnnouncementLost(log, identity.Domain, failure.Message);
        }
    }

    private WorkerAnnouncement Announcement(WorkerState state)
    {
        var ready = runs.Ready().ToList();
        return new WorkerAnnouncement
        {
            Worker = identity.Worker,
            Domain = identity.Domain,
            Lease = identity.Rank,
            State = state,
            Slots = slots,
            FreeSlots = Math.Max(0, slots - inHand.Count),
            InHand = inHand.Keys,
            Version = Version,
            Host = Host,
            Methods = [.. ready.SelectMany(worker => MethodTable.Of(worker.GetType()).Methods).Concat(ownMethods).DistinctBy(method => method.Name)],
            Repeatable = ready.All(worker => worker.IsRepeatable),
            RowsScored = WorkerMetrics.RowsScored,
        };
    }
}
