using System.Diagnostics.Metrics;

namespace Fleet.Gateway.Observability;

/// <summary>What the gateway counts.</summary>
internal static class GatewayMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Fleet.Gateway";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Requests = Meter.CreateCounter<long>("fleet_requests", null, "Requests that ended, by route and status");
    private static readonly Histogram<double> Seconds = Meter.CreateHistogram<double>("fleet_request_seconds", "s", "Time of a request, from its head to the end of its answer");
    private static readonly UpDownCounter<long> Open = Meter.CreateUpDownCounter<long>("fleet_requests_open", null, "Requests that are worked on");
    private static readonly Counter<long> RefusedRequests = Meter.CreateCounter<long>("fleet_requests_refused", null, "Requests that were told to come back, by what was full");
    private static readonly Counter<long> Gone = Meter.CreateCounter<long>("fleet_clients_gone", null, "Requests whose client went away before the end; their calls were cancelled");

    public static void Began() => Open.Add(1);

    public static void Ended(string route, int status, double seconds)
    {
        Open.Add(-1);
        var where = new KeyValuePair<string, object?>("route", route);
        Requests.Add(1, where, new KeyValuePair<string, object?>("status", status));
        Seconds.Record(seconds, where);
    }

    public static void Refused(string what) => RefusedRequests.Add(1, new KeyValuePair<string, object?>("what", what));

    public static void ClientGone() => Gone.Add(1);
}
