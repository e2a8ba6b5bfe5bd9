using Fleet.Dispatcher.Clusters;

namespace Fleet.Unit.Tests.Dispatcher.Clusters;

public sealed class ClusterSnapshotTests
{
    [Fact]
    public void Leases_with_gaps_become_dense_ranks_in_order()
    {
        var snapshot = ClusterSnapshot.Of(5, [(7, "c"), (0, "a"), (3, "b")]);

        Assert.Equal([(0, "a", 0), (3, "b", 1), (7, "c", 2)], snapshot.Ranks.Select(rank => (rank.Lease, rank.Worker, rank.Info.Rank)));
        Assert.Equal((5, 3), (snapshot.Epoch, snapshot.DpSize));
        Assert.All(snapshot.Ranks, rank => Assert.Equal((rank.Info.Rank, 3, 3, true), (rank.Info.DpRank, rank.Info.DpSize, rank.Info.WorldSize, rank.Info.IsCollecting)));
    }

    [Fact]
    public void A_group_with_a_missing_member_is_not_live()
    {
        var snapshot = ClusterSnapshot.Of(1, new[] { 0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11 }.Select(lease => (lease, $"w{lease}")), tpSize: 2, ppSize: 2);

        Assert.Equal([0, 1, 2, 3, 8, 9, 10, 11], snapshot.Ranks.Select(rank => rank.Lease));
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1], snapshot.Ranks.Select(rank => rank.Info.DpRank));
        Assert.Equal([0, 1, 0, 1], snapshot.Ranks.Take(4).Select(rank => rank.Info.TpRank));
        Assert.Equal([0, 0, 1, 1], snapshot.Ranks.Take(4).Select(rank => rank.Info.PpRank));
        Assert.Equal([2, 6], snapshot.Ranks.Where(rank => rank.Info.IsCollecting).Select(rank => rank.Info.Rank));
        Assert.Equal([0, 4], snapshot.Ranks.Where(rank => rank.Info.IsDispatchFirst).Select(rank => rank.Info.Rank));
    }

    [Fact]
    public void Two_workers_with_one_lease_do_not_make_a_group_complete()
    {
        Assert.Equal(0, ClusterSnapshot.Of(1, [(0, "a"), (0, "b")], tpSize: 2).DpSize);
        Assert.Single(ClusterSnapshot.Of(1, [(0, "a"), (0, "b")]).Ranks);
    }

    [Fact]
    public void Nobody_is_no_group() => Assert.Equal(0, ClusterSnapshot.Of(1, Array.Empty<(int, string)>()).DpSize);
}
