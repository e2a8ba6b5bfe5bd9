using System.Diagnostics.Metrics;
using Fleet.Worker.Judging;

namespace Fleet.Worker.Observability;

/// <summary>What a worker counts.</summary>
internal static class WorkerMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Fleet.Worker";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Rows = Meter.CreateCounter<long>("fleet_worker_rows", "rows", "Rows of parts that were done");
    private static readonly Histogram<double> Seconds = Meter.CreateHistogram<double>("fleet_worker_part_seconds", "s", "Time from the start of a part to its end");
    private static readonly Counter<long> JudgeRequests = Meter.CreateCounter<long>("fleet_judge_requests", "requests", "Requests to judges, repetitions included");
    private static readonly Counter<long> JudgeTokens = Meter.CreateCounter<long>("fleet_judge_tokens", "tokens", "Tokens of requests to judges and of their answers");
    private static readonly Counter<double> JudgeCost = Meter.CreateCounter<double>("fleet_judge_cost", null, "What judges cost by the configured prices");
    private static long _rowsScored;

    /// <summary>Rows done since the process started.</summary>
    public static long RowsScored => Interlocked.Read(ref _rowsScored);

    /// <summary>Counts what judging a row took.</summary>
    public static void Judged(JudgeUsage usage)
    {
        JudgeRequests.Add(usage.Requests);
        JudgeTokens.Add(usage.PromptTokens, new KeyValuePair<string, object?>("kind", "prompt"));
        JudgeTokens.Add(usage.CompletionTokens, new KeyValuePair<string, object?>("kind", "answer"));
        JudgeCost.Add(usage.Cost);
    }

    /// <summary>Counts a part.</summary>
    public static void PartDone(string domain, int rows, double seconds)
    {
        Interlocked.Add(ref _rowsScored, rows);
        var tag = new KeyValuePair<string, object?>("domain", domain);
        Rows.Add(rows, tag);
        Seconds.Record(seconds, tag);
    }
}
