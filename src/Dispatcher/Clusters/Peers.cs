using Fleet.Contracts.Messages;

namespace Fleet.Dispatcher.Clusters;

/// <summary>What the dispatchers of the fleet said of themselves when they were last asked.</summary>
public sealed class Peers
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, DispatcherAnnouncement> _said = new(StringComparer.Ordinal);

    /// <summary>The last word of each dispatcher.</summary>
    public IReadOnlyList<DispatcherAnnouncement> Said
    {
        get
        {
            lock (_lock) return [.. _said.Values];
        }
    }

    internal void Hear(DispatcherAnnouncement announcement)
    {
        lock (_lock) _said[announcement.Dispatcher] = announcement;
    }
}
