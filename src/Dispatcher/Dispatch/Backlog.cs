using Fleet.Dispatcher.Clusters;
using Fleet.Dispatcher.Observability;

namespace Fleet.Dispatcher.Dispatch;

/// <summary>How much work of this dispatcher waits, by domain: in rows, and in the seconds that the live workers need for it.</summary>
/// <remarks>The seconds are what an autoscaler wants to know: ten thousand rows of mathematics are less than fifty programs.</remarks>
internal sealed class Backlog(PartDesk desk, PartWindow window, Membership membership, PartSizes sizes)
{
    private readonly HashSet<string> _domains = new(StringComparer.Ordinal);

    /// <summary>Tells the meter.</summary>
    public void Measure()
    {
        var sent = desk.Outstanding.GroupBy(part => part.Header.Domain).ToDictionary(parts => parts.Key, parts => parts.Sum(part => part.Header.Rows), StringComparer.Ordinal);
        var unsent = window.WaitingRows;
        _domains.UnionWith(sent.Keys);
        _domains.UnionWith(unsent.Keys);
        foreach (var domain in _domains)
        {
            var rows = sent.GetValueOrDefault(domain) + unsent.GetValueOrDefault(domain);
            DispatcherMetrics.Backlog(domain, rows, Seconds(domain, rows));
        }
    }

    // Without a worker, as if there were one with one slot: what waits is not nothing.
    private double Seconds(string domain, int rows) =>
        rows * (sizes.SecondsOfRow(domain) ?? 0) / Math.Max(1, membership.LiveWorkers(domain).Sum(worker => worker.Slots));
}
