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

    private static readonly Gauge<long> BacklogRows = Meter.CreateGauge<long>("fleet_backlog_rows", null, "Rows that were sent and are not answered");
    private static readonly Gauge<double> BacklogSeconds = Meter.CreateGauge<double>("fleet_backlog_seconds", "s", "Time that the live workers need for those rows, by what rows cost lately");

    internal static void RowDone(string domain, RowStatus status) =>
        Rows.Add(1, new KeyValuePair<string, object?>("domain", domain), new KeyValuePair<string, object?>("status", status.Word()));

    internal static void PartSentAgain(string domain) => SentAgain.Add(1, new KeyValuePair<string, object?>("domain", domain));

    internal static void Backlog(string domain, long rows, double seconds)
    {
        var tag = new KeyValuePair<string, object?>("domain", domain);
        BacklogRows.Record(rows, tag);
        BacklogSeconds.Record(seconds, tag);
    }

    internal static void DuplicateReply() => Duplicates.Add(1);

    internal static void PartDone(string domain, double queueSeconds, double scoringSeconds)
    {
        var tag = new KeyValuePair<string, object?>("domain", domain);
        PartSeconds.Record(queueSeconds, tag, new KeyValuePair<string, object?>("stage", "queue"));
        PartSeconds.Record(scoringSeconds, tag, new KeyValuePair<string, object?>("stage", "scoring"));
    }
}
