using Fleet.Contracts.Messages;

namespace Fleet.Dispatcher.Dispatch;

/// <summary>A part that was sent and is not answered: what it is, where it went, who took it.</summary>
/// <remarks>Changed only under its own lock.</remarks>
internal sealed class OutstandingPart(CommandHeader header, ReadOnlyMemory<byte> payload, int? lease)
{
    /// <summary>The head of the last attempt.</summary>
    public CommandHeader Header { get; set; } = header;

    /// <summary>The Arrow bytes, kept to send them again.</summary>
    public ReadOnlyMemory<byte> Payload { get; } = payload;

    /// <summary>The rank queue that it was dispatched to; null for the queue that all ranks share.</summary>
    public int? Lease { get; set; } = lease;

    /// <summary>Whether only that rank may do it.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>When the last attempt was sent, as a timestamp of the time provider; 0 while it is not.</summary>
    public long SentAt { get; set; }

    /// <summary>The worker that took the last attempt; null while it is in the queue.</summary>
    public string? TakenBy { get; set; }

    /// <summary>Since when that worker is seen to be gone, as a timestamp of the time provider; 0 while it lives.</summary>
    public long GoneSince { get; set; }

    /// <summary>Announcements of that worker, since it took the part, that did not name the part.</summary>
    public int Unnamed { get; set; }

    /// <summary>How often a worker said that it could not do the part.</summary>
    public int Failures { get; set; }

    /// <summary>How often the part came back unstarted, as far as anybody knows.</summary>
    public int UnstartedReturns { get; set; }

    /// <summary>The answer.</summary>
    public TaskCompletionSource<PartAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PartKey Key => new(Header.CallId, Header.Part);
}

/// <summary>How a part ended, seen from the dispatcher.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reply">The worker's reply; null when there was none.</param>
/// <param name="Error">One sentence; null when it was done.</param>
internal readonly record struct PartAnswer(PartOutcome Outcome, WorkerReply? Reply, string? Error = null);

/// <summary>How a part ended.</summary>
internal enum PartOutcome
{
    /// <summary>The worker's reply holds the result.</summary>
    Done,

    /// <summary>The command can never work.</summary>
    Rejected,

    /// <summary>No worker could do it, after retries.</summary>
    Failed,

    /// <summary>The worker that had it in hand is gone.</summary>
    WorkerLost,

    /// <summary>The call's deadline passed.</summary>
    TimedOut,

    /// <summary>The call's deadline passed and the domain has no worker.</summary>
    NoWorker,

    /// <summary>The caller cancelled.</summary>
    Cancelled,
}
