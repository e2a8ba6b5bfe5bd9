using System.Diagnostics.Metrics;

namespace Fleet.Worker.Observability;

/// <summary>What a worker counts.</summary>
internal static class WorkerMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Fleet.Worker";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Rows = Meter.CreateCounter<long>("fleet_worker_rows", "rows", "Rows of parts that were done");
    private static readonly Histogram<double> Seconds = Meter.CreateHistogram<double>("fleet_worker_part_seconds", "s", "Time from the start of a part to its end");
    private static long _rowsScored;

    /// <summary>Rows done since the process started.</summary>
    public static long RowsScored => Interlocked.Read(ref _rowsScored);

    /// <summary>Counts a part.</summary>
    public static void PartDone(string domain, int rows, double seconds)
    {
        Interlocked.Add(ref _rowsScored, rows);
        var tag = new KeyValuePair<string, object?>("domain", domain);
        Rows.Add(rows, tag);
        Seconds.Record(seconds, tag);
    }
}
