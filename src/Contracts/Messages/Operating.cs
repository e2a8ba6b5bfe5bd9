namespace Fleet.Contracts.Messages;

/// <summary>Somebody who operates the fleet asks all dispatchers to end calls: their rows end as cancelled.</summary>
public sealed record CancelRequested
{
    /// <summary>The call; null for every call of the run.</summary>
    public Guid? CallId { get; init; }

    /// <summary>The run; null for every run.</summary>
    public string? RunId { get; init; }
}

/// <summary>Somebody who operates the fleet asks all dispatchers to announce themselves.</summary>
public sealed record DispatcherRollCall;

/// <summary>Asks a worker, or all of a domain, to finish what it has in hand and leave for good.</summary>
public sealed record DrainWorker
{
    /// <summary>The domain.</summary>
    public required string Domain { get; init; }

    /// <summary>The worker; null for all of the domain.</summary>
    public string? Worker { get; init; }
}

/// <summary>What a dispatcher tells of itself when it is asked.</summary>
public sealed record DispatcherAnnouncement
{
    /// <summary>The dispatcher: unique over all processes of all times.</summary>
    public required string Dispatcher { get; init; }

    /// <summary>The host and process id, for people.</summary>
    public string Host { get; init; } = "";

    /// <summary>The calls that are open.</summary>
    public IReadOnlyList<OpenCallInfo> Calls { get; init; } = [];
}

/// <summary>An open call, for people.</summary>
public sealed record OpenCallInfo
{
    /// <summary>The call.</summary>
    public required Guid CallId { get; init; }

    /// <summary>Its run.</summary>
    public required string RunId { get; init; }

    /// <summary>Which calls it goes before.</summary>
    public Lane Lane { get; init; }

    /// <summary>When it ends, answered or not.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>Rows that were sent and are not answered.</summary>
    public int RowsWaiting { get; init; }

    /// <summary>Parts that were sent and are not answered.</summary>
    public int PartsWaiting { get; init; }

    /// <summary>Parts of those that a worker has in hand.</summary>
    public int PartsInHand { get; init; }
}
