using Fleet.Contracts.Ranks;

namespace Fleet.Contracts.Messages;

/// <summary>Asks one worker to run one of its registered methods on one part of a call.</summary>
/// <param name="header">What is asked, of whom, until when.</param>
/// <param name="payload">The part's <c>DataProto</c> as an Arrow stream; empty for a command without an argument.</param>
public sealed class WorkerCommand(CommandHeader header, ReadOnlyMemory<byte> payload)
{
    /// <summary>What is asked, of whom, until when.</summary>
    public CommandHeader Header { get; } = header;

    /// <summary>The part's <c>DataProto</c> as an Arrow stream; empty for a command without an argument.</summary>
    public ReadOnlyMemory<byte> Payload { get; } = payload;
}

/// <summary>The head of a command. (<see cref="CallId"/>, <see cref="Part"/>) is its identity: at least once on the queue, counted once.</summary>
public sealed record CommandHeader
{
    /// <summary>The wire version that this build speaks.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Version of the wire; a worker that does not know it hands the command back.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The call that this part belongs to.</summary>
    public required Guid CallId { get; init; }

    /// <summary>Index of the part in its call.</summary>
    public required int Part { get; init; }

    /// <summary>How many times this part was sent before.</summary>
    public int Attempt { get; init; }

    /// <summary>The run whose configuration scores the rows.</summary>
    public required string RunId { get; init; }

    /// <summary>Hash of that configuration.</summary>
    public required string ConfigHash { get; init; }

    /// <summary>The domain of the rows.</summary>
    public required string Domain { get; init; }

    /// <summary>Wire name of the registered method.</summary>
    public required string Method { get; init; }

    /// <summary>Rows in the part; 0 for a command without rows.</summary>
    public int Rows { get; init; }

    /// <summary>The rank that the command was dispatched to; null when any rank may take it.</summary>
    public int? Rank { get; init; }

    /// <summary>Data-parallel ranks of the snapshot that the call was cut for.</summary>
    public int DpSize { get; init; } = 1;

    /// <summary>The coordinates of that rank in a cluster of model-parallel groups; null for plain data parallelism.</summary>
    public RankInfo? RankInfo { get; init; }

    /// <summary>Number of the membership snapshot that the call was cut for.</summary>
    public long Epoch { get; init; }

    /// <summary>Which of the parts that wait goes first.</summary>
    public Lane Lane { get; init; }

    /// <summary>Whether the worker's process does nothing else meanwhile: a part that may have killed a worker is tried where only it can be the cause.</summary>
    public bool Alone { get; init; }

    /// <summary>When the answer is worth nothing any more; null for never.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The dispatcher that waits for the reply.</summary>
    public required string ReplyTo { get; init; }

    /// <summary>W3C trace context of the caller; null when there is none.</summary>
    public string? TraceParent { get; init; }
}
