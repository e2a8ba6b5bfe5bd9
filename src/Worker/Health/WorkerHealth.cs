using System.Collections.Concurrent;
using Fleet.Messaging;

namespace Fleet.Worker.Health;

/// <summary>Whether this process can score rows at this moment: connected, and for each of its domains a lease held and both queues consumed.</summary>
internal sealed class WorkerHealth(WorkerOptions options, FleetBus bus)
{
    private readonly ConcurrentDictionary<string, int> _ranks = new(StringComparer.Ordinal);

    /// <summary>Whether the broker is connected.</summary>
    public bool IsConnected => bus.IsConnected;

    /// <summary>Whether every domain is served and the broker is connected.</summary>
    public bool IsOk => IsConnected && options.Domains.All(_ranks.ContainsKey);

    /// <summary>Each domain of this process with the rank that it is served as; null while it is not.</summary>
    public IEnumerable<(string Domain, int? Rank)> Domains => options.Domains.Select(domain => (domain, _ranks.TryGetValue(domain, out var rank) ? rank : (int?)null));

    /// <summary>The lease is held and the queues are consumed.</summary>
    public void Serves(string domain, int rank) => _ranks[domain] = rank;

    /// <summary>The lease is lost, or the worker was told to stop.</summary>
    public void Stops(string domain) => _ranks.TryRemove(domain, out _);
}
