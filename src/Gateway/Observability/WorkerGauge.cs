using System.Diagnostics.Metrics;
using Fleet.Dispatcher.Clusters;

namespace Fleet.Gateway.Observability;

/// <summary>Tells the meter how many workers of each domain live.</summary>
internal sealed class WorkerGauge : IDisposable
{
    private readonly Meter _meter = new(GatewayMetrics.MeterName);

    public WorkerGauge(Membership membership) => _meter.CreateObservableGauge(
        "fleet_workers",
        () => membership.Workers.GroupBy(worker => (worker.Domain, worker.State)).Select(group => new Measurement<int>(
            group.Count(),
            new KeyValuePair<string, object?>("domain", group.Key.Domain),
            new KeyValuePair<string, object?>("state", group.Key.State.ToString().ToLowerInvariant()))),
        description: "Workers by domain and state");

    public void Dispose() => _meter.Dispose();
}
