namespace Fleet.Messaging.Leases;

/// <summary>Gives every worker of a domain a number of its own.</summary>
public interface IRankLeases
{
    /// <summary>Takes the lowest free number of a domain, or the one asked for, waiting until it is free.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="wanted">The number to take; null for the lowest free one.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    Task<IRankLease> AcquireAsync(string domain, int? wanted, CancellationToken cancellation);
}

/// <summary>A number held by this process until it is disposed of, or lost.</summary>
public interface IRankLease : IAsyncDisposable
{
    /// <summary>The number, from 0.</summary>
    int Rank { get; }

    /// <summary>Fires when the number is not ours any more: stop serving its queue at once.</summary>
    CancellationToken Lost { get; }
}
