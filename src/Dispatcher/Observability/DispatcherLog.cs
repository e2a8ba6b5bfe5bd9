using Microsoft.Extensions.Logging;

namespace Fleet.Dispatcher.Observability;

/// <summary>Every line that a dispatcher logs. Never the text of a prompt or a response.</summary>
internal static partial class DispatcherLog
{
    [LoggerMessage(200, LogLevel.Information, "{Domain}: rank {Rank} joined (worker {Worker} on {Host})")]
    public static partial void WorkerJoined(ILogger log, string domain, int rank, string worker, string host);

    [LoggerMessage(201, LogLevel.Information, "{Domain}: rank {Rank} left (worker {Worker})")]
    public static partial void WorkerLeft(ILogger log, string domain, int rank, string worker);

    [LoggerMessage(202, LogLevel.Warning, "{Domain}: rank {Rank} was silent for {Seconds} s and counts as lost (worker {Worker})")]
    public static partial void WorkerSilent(ILogger log, string domain, int rank, string worker, double seconds);

    [LoggerMessage(203, LogLevel.Warning, "{Domain}: call {Call} part {Part} attempt {Attempt}: sent again: {Why}")]
    public static partial void PartSentAgain(ILogger log, string domain, Guid call, int part, int attempt, string why);

    [LoggerMessage(204, LogLevel.Warning, "{Domain}: call {Call} part {Part}: given up after {Attempts} attempts: {Why}")]
    public static partial void PartGivenUp(ILogger log, string domain, Guid call, int part, int attempts, string why);

    [LoggerMessage(205, LogLevel.Debug, "{Domain}: call {Call} part {Part}: a reply that nobody waits for was dropped (worker {Worker})")]
    public static partial void ReplyDropped(ILogger log, string domain, Guid call, int part, string worker);

    [LoggerMessage(206, LogLevel.Information, "{Domain}: run {Run} (configuration {Hash}) is ready on {Ready} of {Known} ranks")]
    public static partial void RunReady(ILogger log, string domain, string run, string hash, int ready, int known);

    [LoggerMessage(207, LogLevel.Error, "{Domain}: worker {Worker} cannot serve run {Run}: {Error}")]
    public static partial void RunRefused(ILogger log, string domain, string worker, string run, string error);

    [LoggerMessage(209, LogLevel.Warning, "{Domain}: call {Call}: no worker of this domain is live; its rows wait up to {Seconds:0} s")]
    public static partial void NoWorkerYet(ILogger log, string domain, Guid call, double seconds);

    [LoggerMessage(210, LogLevel.Warning, "{Domain}: call {Call} part {Part}: could not be put with the dead letters: {Why}")]
    public static partial void NotBuried(ILogger log, string domain, Guid call, int part, string why);

    [LoggerMessage(211, LogLevel.Warning, "call {Call} of run {Run} was ended by an operator")]
    public static partial void CallEnded(ILogger log, Guid call, string run);

    [LoggerMessage(208, LogLevel.Debug, "{Domain}: call {Call} part {Part} attempt {Attempt}: {Rows} rows to {Queue}")]
    public static partial void PartSent(ILogger log, string domain, Guid call, int part, int attempt, int rows, string queue);
}
