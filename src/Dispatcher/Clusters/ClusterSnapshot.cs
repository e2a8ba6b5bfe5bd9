using Fleet.Contracts.Ranks;

namespace Fleet.Dispatcher.Clusters;

/// <summary>The live ranks of a domain at one moment: what a call is cut for.</summary>
/// <param name="Epoch">Number of the snapshot; it grows whenever a rank comes or goes.</param>
/// <param name="Ranks">The ranks in order, with a dense data-parallel map over the complete groups.</param>
public sealed record ClusterSnapshot(long Epoch, IReadOnlyList<ClusterRank> Ranks)
{
    /// <summary>Size of the data-parallel dimension; 0 when no group is complete.</summary>
    public int DpSize => Ranks.Count == 0 ? 0 : Ranks[0].Info.DpSize;

    /// <summary>Numbers the leases of live workers densely; a model-parallel group with a missing member is not live.</summary>
    /// <param name="epoch">Number of the snapshot.</param>
    /// <param name="live">Lease and name of each live worker.</param>
    /// <param name="tpSize">Tensor-parallel size of a group, at least 1.</param>
    /// <param name="ppSize">Pipeline-parallel size of a group, at least 1.</param>
    public static ClusterSnapshot Of(long epoch, IEnumerable<(int Lease, string Worker)> live, int tpSize = 1, int ppSize = 1)
    {
        // A group is a run of neighbouring leases, tensor ranks innermost.
        var groupSize = tpSize * ppSize;
        var groups = live.GroupBy(worker => worker.Lease / groupSize)
            .Where(group => group.Select(worker => worker.Lease).Distinct().Count() == groupSize)
            .OrderBy(group => group.Key)
            .ToList();

        var ranks = new List<ClusterRank>(groups.Count * groupSize);
        for (var dp = 0; dp < groups.Count; dp++)
        {
            foreach (var (lease, worker) in groups[dp].DistinctBy(w => w.Lease).OrderBy(w => w.Lease))
            {
                var member = lease % groupSize;
                ranks.Add(new ClusterRank(lease, worker, new RankInfo
                {
                    WorldSize = groups.Count * groupSize,
                    Rank = ranks.Count,
                    DpSize = groups.Count,
                    DpRank = dp,
                    TpSize = tpSize,
                    TpRank = member % tpSize,
                    PpSize = ppSize,
                    PpRank = member / tpSize,
                }));
            }
        }

        return new ClusterSnapshot(epoch, ranks);
    }
}

/// <summary>One live rank.</summary>
/// <param name="Lease">Number of the queue that it serves.</param>
/// <param name="Worker">Name of the worker that serves it.</param>
/// <param name="Info">Its place in the snapshot.</param>
public sealed record ClusterRank(int Lease, string Worker, RankInfo Info);
