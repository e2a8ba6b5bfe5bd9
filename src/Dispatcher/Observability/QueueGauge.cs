using System.Diagnostics.Metrics;
using Fleet.Contracts;
using Fleet.Dispatcher.Clusters;
using Fleet.Messaging;
using Microsoft.Extensions.Hosting;

namespace Fleet.Dispatcher.Observability;

/// <summary>Tells the meter how long the broker's queues are, of every domain that had a worker since this process started.</summary>
/// <remarks>The broker is asked only while somebody reads the meter.</remarks>
internal sealed class QueueGauge : BackgroundService
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(15);

    private readonly QueueLengths _lengths;
    private readonly Membership _membership;
    private readonly TimeProvider _time;
    private readonly Meter _meter = new(DispatcherMetrics.MeterName);
    private readonly ObservableGauge<long> _gauge;
    private readonly SortedSet<string> _domains = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<Measurement<long>> _found = [];

    public QueueGauge(QueueLengths lengths, Membership membership, TimeProvider time)
    {
        (_lengths, _membership, _time) = (lengths, membership, time);
        _gauge = _meter.CreateObservableGauge("fleet_queue_parts", () => _found, description: "Messages that wait in the queues of a domain: work, eval and dead letters");
    }

    /// <summary>Asks the broker once.</summary>
    internal async Task LookAsync(CancellationToken cancellation)
    {
        _domains.UnionWith(_membership.Workers.Select(worker => worker.Domain));
        var found = new List<Measurement<long>>();
        try
        {
            foreach (var domain in _domains)
            {
                var queues = await _lengths.OfAsync(domain, cancellation);
                found.AddRange([Length(domain, "work", queues.Work), Length(domain, "eval", queues.Evaluation), Length(domain, "dead", queues.Dead)]);
            }
        }
        catch (FleetException)
        {
            // The broker is away, or this user may not look: no figure is better than an old one.
        }

        _found = found;
    }

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Turn, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (_gauge.Enabled) await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    private static Measurement<long> Length(string domain, string queue, uint messages) =>
        new(messages, new KeyValuePair<string, object?>("domain", domain), new KeyValuePair<string, object?>("queue", queue));
}
