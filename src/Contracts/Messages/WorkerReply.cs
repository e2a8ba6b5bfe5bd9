namespace Fleet.Contracts.Messages;

/// <summary>What a worker answers to one command.</summary>
/// <param name="header">Which part, by whom, how it went.</param>
/// <param name="payload">The result's <c>DataProto</c> as an Arrow stream; empty when there is none.</param>
public sealed class WorkerReply(ReplyHeader header, ReadOnlyMemory<byte> payload)
{
    /// <summary>Which part, by whom, how it went.</summary>
    public ReplyHeader Header { get; } = header;

    /// <summary>The result's <c>DataProto</c> as an Arrow stream; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Payload { get; } = payload;
}

/// <summary>The head of a reply.</summary>
public sealed record ReplyHeader
{
    /// <summary>The call that was answered.</summary>
    public required Guid CallId { get; init; }

    /// <summary>The part that was answered.</summary>
    public required int Part { get; init; }

    /// <summary>The attempt that was answered.</summary>
    public int Attempt { get; init; }

    /// <summary>How it went.</summary>
    public required ReplyOutcome Outcome { get; init; }

    /// <summary>One sentence on what went wrong; null when <see cref="Outcome"/> is <see cref="ReplyOutcome.Done"/>.</summary>
    public string? Error { get; init; }

    /// <summary>The worker that answers.</summary>
    public required string Worker { get; init; }

    /// <summary>The lease of that worker: the rank whose queue it serves.</summary>
    public int Rank { get; init; }

    /// <summary>Time from the start of the work to its end, without the time in the queue.</summary>
    /// <value>Seconds.</value>
    public double Seconds { get; init; }
}

/// <summary>How a command ended on a worker.</summary>
public enum ReplyOutcome
{
    /// <summary>The method ran; the payload is its result.</summary>
    Done,

    /// <summary>The command can never work, here or elsewhere: wrong configuration, unknown method, shapes that disagree.</summary>
    Rejected,

    /// <summary>This worker could not do it now; another one, or the same one later, may.</summary>
    Failed,

    /// <summary>The command came back from a worker that was lost; it was not started, so that a part that kills workers stands out.</summary>
    Bounced,

    /// <summary>The command has a wire version that this worker does not speak; one that does may do it.</summary>
    WrongVersion,

    /// <summary>The call was cancelled or its deadline had passed; nothing was done.</summary>
    Dropped,
}
