namespace Fleet.Dispatcher;

/// <summary>How a dispatcher spreads work and how patient it is.</summary>
public sealed class DispatcherOptions
{
    /// <summary>Rows in a part.</summary>
    /// <value>1 to 65,536; the default is 256.</value>
    public int MaxPartRows { get; init; } = 256;

    /// <summary>Bytes of text and ids in a part.</summary>
    /// <value>1 KiB to 64 MiB; the default is 8 MiB.</value>
    public int MaxPartBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Bytes of one row; a larger one is invalid before it reaches a queue.</summary>
    /// <value>1 KiB to 64 MiB; the default is 4 MiB.</value>
    public int MaxRowBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How long an open part waits for further rows.</summary>
    /// <value>0 to 10 seconds; the default is 5 milliseconds.</value>
    public TimeSpan PartQuiet { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Rows that are read but not answered; reading stops there until some are.</summary>
    /// <value>At least 1; the default is 16,384.</value>
    public int MaxRowsInFlight { get; init; } = 16_384;

    /// <summary>Bytes of rows that are read but not answered; reading stops there until some are.</summary>
    /// <value>1 MiB to 64 GiB; the default is 256 MiB. The process holds each row a few times: as it came, as a part, and in the client of the broker.</value>
    public long MaxBytesInFlight { get; init; } = 256 * 1024 * 1024;

    /// <summary>How long a call may take in all.</summary>
    /// <value>Above 0; the default is 1 hour.</value>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a worker may be silent before it counts as lost.</summary>
    /// <value>1 to 600 seconds; the default is 5 seconds.</value>
    public TimeSpan WorkerSilence { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long starting waits for the first worker of each domain, and initialising for the ranks that are known.</summary>
    /// <value>0 to 3600 seconds; the default is 30 seconds.</value>
    public TimeSpan InitializeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a part is sent again because a worker could not do it, before its rows fail.</summary>
    /// <value>0 to 100; the default is 3.</value>
    public int MaxRetries { get; init; } = 3;

    /// <summary>How many workers a row may take down with it, alone in its part, before it fails.</summary>
    /// <value>1 to 100; the default is 3.</value>
    public int MaxWorkersLost { get; init; } = 3;
}
