using Microsoft.Extensions.Logging;

namespace Fleet.Worker.Observability;

/// <summary>Every line that a worker logs. Never the text of a prompt or a response.</summary>
internal static partial class WorkerLog
{
    [LoggerMessage(100, LogLevel.Information, "{Domain}: serving as rank {Rank} (worker {Worker}, {Slots} parts at once)")]
    public static partial void Serving(ILogger log, string domain, int rank, string worker, int slots);

    [LoggerMessage(101, LogLevel.Information, "{Domain}: left rank {Rank}")]
    public static partial void Left(ILogger log, string domain, int rank);

    [LoggerMessage(102, LogLevel.Warning, "{Domain}: lost the lease of rank {Rank}; its queue is given up and another rank taken")]
    public static partial void LeaseLost(ILogger log, string domain, int rank);

    [LoggerMessage(103, LogLevel.Information, "{Domain}: ready for run {Run} (configuration {Hash}, {WorkerClass})")]
    public static partial void RunReady(ILogger log, string domain, string run, string hash, string workerClass);

    [LoggerMessage(104, LogLevel.Error, "{Domain}: cannot serve run {Run}: {Error}")]
    public static partial void RunRefused(ILogger log, string domain, string run, string error);

    [LoggerMessage(105, LogLevel.Debug, "{Domain}: call {Call} part {Part} attempt {Attempt} rank {Rank}: {Method} on {Rows} rows took {Milliseconds} ms")]
    public static partial void PartDone(ILogger log, string domain, Guid call, int part, int attempt, int rank, string method, int rows, double milliseconds);

    [LoggerMessage(106, LogLevel.Warning, "{Domain}: call {Call} part {Part} attempt {Attempt} rank {Rank}: {Outcome}: {Error}")]
    public static partial void PartNotDone(ILogger log, string domain, Guid call, int part, int attempt, int rank, string outcome, string error);

    [LoggerMessage(107, LogLevel.Error, "Row {Row}: our own or a custom worker's defect, fenced around this row")]
    public static partial void RowDefect(ILogger log, int row, Exception defect);

    [LoggerMessage(109, LogLevel.Warning, "{Domain}: {Error} It is tried again every second.")]
    public static partial void BrokerAway(ILogger log, string domain, string error);

    [LoggerMessage(110, LogLevel.Warning, "{Domain}: call {Call} part {Part} attempt {Attempt}: the reply was not sent: {Error}")]
    public static partial void ReplyLost(ILogger log, string domain, Guid call, int part, int attempt, string error);

    [LoggerMessage(108, LogLevel.Warning, "{Domain}: the announcement was not sent: {Error}")]
    public static partial void AnnouncementLost(ILogger log, string domain, string error);

    [LoggerMessage(111, LogLevel.Debug, "{Domain}: call {Call} part {Part}: its dispatcher {Dispatcher} is gone, the part is dropped")]
    public static partial void DispatcherGone(ILogger log, string domain, Guid call, int part, string dispatcher);
}
