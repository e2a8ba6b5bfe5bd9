using System.Collections.Concurrent;
using Fleet.Dispatcher.Dispatch;
using Fleet.Dispatcher.Runs;

namespace Fleet.Dispatcher.Clusters;

/// <summary>Deals the parts of a stream to the live ranks of a domain in turn.</summary>
internal sealed class RankTargets(Membership membership)
{
    private readonly ConcurrentDictionary<string, int> _turns = new(StringComparer.Ordinal);

    /// <summary>The rank whose turn it is; null when the domain has none, and any worker may take the part.</summary>
    public TargetRank? Next(DomainDefinition domain)
    {
        var snapshot = membership.Snapshot(domain.ServedBy, domain.TpSize, domain.PpSize);
        if (snapshot.DpSize == 0) return null;
        var turn = _turns.AddOrUpdate(domain.ServedBy, 0, (_, last) => unchecked(last + 1) & int.MaxValue) % snapshot.DpSize;
        var rank = snapshot.Ranks.First(candidate => candidate.Info.DpRank == turn && candidate.Info.IsCollecting);
        return new TargetRank(rank.Lease, turn, snapshot.DpSize, snapshot.Epoch);
    }
}
