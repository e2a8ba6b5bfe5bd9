using Fleet.Contracts.Ranks;

namespace Fleet.Contracts.Messages;

/// <summary>Tells every worker of a domain the configuration of a run.</summary>
/// <remarks>Secrets never travel: the configuration names them (<c>env:JUDGE_KEY</c>) and the worker resolves the name.</remarks>
public sealed record InitializeRun
{
    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>Hash of <see cref="Config"/>.</summary>
    public required string ConfigHash { get; init; }

    /// <summary>The domain.</summary>
    public required string Domain { get; init; }

    /// <summary>The domain's block of the configuration, as JSON.</summary>
    public required string Config { get; init; }

    /// <summary>The dispatcher that waits for the confirmation.</summary>
    public required string ReplyTo { get; init; }
}

/// <summary>A worker asks a dispatcher for the configuration of a run that it was not told.</summary>
public sealed record RunRequested
{
    /// <summary>The run that a command named.</summary>
    public required string RunId { get; init; }

    /// <summary>The domain.</summary>
    public required string Domain { get; init; }

    /// <summary>The worker that asks; the answer goes to its own broadcast queue.</summary>
    public required string Worker { get; init; }
}

/// <summary>A worker is ready for a run, or says why not.</summary>
public sealed record RunInitialized
{
    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>Hash of the configuration that was applied.</summary>
    public required string ConfigHash { get; init; }

    /// <summary>The domain.</summary>
    public required string Domain { get; init; }

    /// <summary>The worker.</summary>
    public required string Worker { get; init; }

    /// <summary>One sentence on why the worker cannot serve the run; null when it can.</summary>
    public string? Error { get; init; }

    /// <summary>The methods of the run's worker.</summary>
    public IReadOnlyList<RegisteredMethod> Methods { get; init; } = [];
}

/// <summary>A dispatcher that just came up asks all workers of a domain to announce themselves.</summary>
public sealed record RollCall
{
    /// <summary>The domain.</summary>
    public required string Domain { get; init; }
}

/// <summary>A call, or some of its parts, is no longer wanted: queued parts are dropped, running ones stopped.</summary>
public sealed record CancelCall
{
    /// <summary>The call.</summary>
    public required Guid CallId { get; init; }

    /// <summary>The domain.</summary>
    public required string Domain { get; init; }
}

/// <summary>A worker has taken a part from the queue and starts to work on it.</summary>
public sealed record PartTaken
{
    /// <summary>The call.</summary>
    public required Guid CallId { get; init; }

    /// <summary>The part.</summary>
    public required int Part { get; init; }

    /// <summary>The attempt.</summary>
    public int Attempt { get; init; }

    /// <summary>The worker.</summary>
    public required string Worker { get; init; }
}
