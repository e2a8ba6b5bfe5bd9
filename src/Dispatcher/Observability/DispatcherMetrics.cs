using System.Diagnostics.Metrics;
using Fleet.Contracts.Names;

namespace Fleet.Dispatcher.Observability;

/// <summary>What a dispatcher counts.</summary>
public static class DispatcherMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Fleet.Dispatcher";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Rows = Meter.CreateCounter<long>("fleet_rows", "rows", "Rows by domain and status");
    private static readonly Counter<long> SentAgain = Meter.CreateCounter<long>("fleet_parts_sent_again", "parts", "Parts sent again because something was lost");
    private static readonly Counter<long> Duplicates = Meter.CreateCounter<long>("fleet_replies_dropped", "replies", "Replies that nobody waited for any more");
    private static readonly Histogram<double> PartSeconds = Meter.CreateHistogram<double>("fleet_part_seconds", "s", "Time of a part by stage: queue (from sending to the start of its scoring) and scoring");

    internal static void RowDone(string domain, RowStatus status) =>
        Rows.Add(1, new KeyValuePair<string, object?>("domain", domain), new KeyValuePair<string, object?>("status", status.Word()));

    internal static void PartSentAgain(string domain) => SentAgain.Add(1, new KeyValuePair<string, object?>("domain", domain));

    internal static void DuplicateReply() => Duplicates.Add(1);

    internal static void PartDone(string domain, double queueSeconds, double scoringSeconds)
    {
        var tag = new KeyValuePair<string, object?>("domain", domain);
        PartSeconds.Record(queueSeconds, tag, new KeyValuePair<string, object?>("stage", "queue"));
        PartSeconds.Record(scoringSeconds, tag, new KeyValuePair<string, object?>("stage", "scoring"));
    }
}
