using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Ranks;
using Fleet.Dispatcher.Clusters;
using Fleet.Dispatcher.Dispatch;
using Fleet.Unit.Tests.Contracts.Batches;

namespace Fleet.Unit.Tests.Dispatcher.Dispatch;

public sealed class DispatchRuleTests
{
    /// <summary>Eight ranks: tensor 2, pipeline 2, data 2.</summary>
    private static readonly ClusterSnapshot Eight = ClusterSnapshot.Of(1, Enumerable.Range(0, 8).Select(lease => (lease, $"w{lease}")), tpSize: 2, ppSize: 2);

    private static readonly ClusterSnapshot Three = ClusterSnapshot.Of(1, Enumerable.Range(0, 3).Select(lease => (lease, $"w{lease}")));

    public static TheoryData<DispatchMode> Sharding => [DispatchMode.DpMpCompute, DispatchMode.DpMpDispatchFirst];

    [Theory]
    [InlineData(DispatchMode.OneToAll, 8)]
    [InlineData(DispatchMode.OneToAllOne, 1)]
    public void The_same_argument_reaches_every_rank(DispatchMode mode, int results)
    {
        var rule = DispatchRule.For(mode);
        var batch = Samples.Rows(3);

        var given = rule.Dispatch(CallArguments.Of(batch), Eight);

        Assert.Equal(8, given.Count);
        Assert.All(given, argument => Assert.Same(batch, argument));
        Assert.Equal(Enumerable.Range(0, results), rule.Collect(Ranked(Eight), Eight).Select(Rank));
    }

    [Fact]
    public void Argument_i_reaches_rank_i()
    {
        var rule = DispatchRule.For(DispatchMode.AllToAll);
        DataProto[] batches = [Samples.Rows(1), Samples.Rows(2), Samples.Rows(3)];

        Assert.Equal(batches, rule.Dispatch(CallArguments.ForRanks(batches), Three));
        Assert.Equal([0, 1, 2], rule.Collect(Ranked(Three), Three).Select(Rank));
        Assert.Equal(3, rule.Dispatch(CallArguments.None, Three).Count);
    }

    [Fact]
    public void Another_number_of_arguments_than_ranks_is_one_sentence()
    {
        var rule = DispatchRule.For(DispatchMode.AllToAll);

        Assert.Contains("each of 3 ranks", Assert.Throws<FleetException>(() => rule.Dispatch(CallArguments.ForRanks([Samples.Rows(1)]), Three)).Message, StringComparison.Ordinal);
        Assert.Contains("1 were given", Assert.Throws<FleetException>(() => rule.Dispatch(CallArguments.Of(Samples.Rows(1)), Three)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DispatchMode.OneToAll)]
    [InlineData(DispatchMode.DpMpCompute)]
    [InlineData(DispatchMode.DpMpDispatchFirst)]
    public void One_argument_a_rank_is_refused_by_the_modes_that_cut_themselves(DispatchMode mode) => Assert.Contains(
        "give one batch",
        Assert.Throws<FleetException>(() => DispatchRule.For(mode).Dispatch(CallArguments.ForRanks([Samples.Rows(1), Samples.Rows(1), Samples.Rows(1)]), Three)).Message,
        StringComparison.Ordinal);

    /// <summary>The reference's own test: values 1 to 4 leave from data rank 0, 5 to 8 from data rank 1, all at tensor rank 0 of the last stage.</summary>
    [Fact]
    public void Eight_ranks_with_tensor_and_pipeline_peers_give_each_row_once()
    {
        var rule = DispatchRule.For(DispatchMode.DpMpCompute);

        var given = rule.Dispatch(CallArguments.Of(Samples.Rows(8)), Eight);
        var merged = Assert.Single(rule.Collect([.. given.Select((shard, rank) => Marked(shard!, Eight.Ranks[rank].Info))], Eight));

        Assert.All(Eight.Ranks, rank => Assert.Equal(rank.Info.DpRank == 0 ? [0, 1, 2, 3] : [4, 5, 6, 7], given[rank.Info.Rank]!.N()));
        Assert.Equal(Enumerable.Range(0, 8), merged.N());
        Assert.Equal([(0, 0, 1), (0, 0, 1), (0, 0, 1), (0, 0, 1), (1, 0, 1), (1, 0, 1), (1, 0, 1), (1, 0, 1)], Enumerable.Range(0, 8).Select(row => Place(merged, row)));
    }

    [Fact]
    public void Rows_enter_at_the_first_rank_of_a_group_and_its_peers_get_the_meta_alone()
    {
        var batch = Samples.Rows(8).WithMeta(MetaInfo.Empty.With("global_step", 3));

        var given = DispatchRule.For(DispatchMode.DpMpDispatchFirst).Dispatch(CallArguments.Of(batch), Eight);

        Assert.Equal([4, 0, 0, 0, 4, 0, 0, 0], given.Select(shard => shard!.Length));
        Assert.All(given, shard => Assert.Equal(3, shard!.MetaInfo["global_step"].GetInt32()));
        Assert.Equal([0, 1, 2, 3], given[0]!.N());
        Assert.Equal([4, 5, 6, 7], given[4]!.N());
    }

    [Fact]
    public void Collect_all_returns_every_rank_and_an_empty_batch_for_one_that_returned_nothing()
    {
        var rule = DispatchRule.For(DispatchMode.DpMpDispatchFirstCollectAll);
        var results = Ranked(Three).ToArray();
        results[1] = null;

        var collected = rule.Collect(results, Three);

        Assert.Equal([1, 0, 1], collected.Select(result => result.Length));
    }

    [Theory]
    [MemberData(nameof(Sharding))]
    public void Shards_that_do_not_divide_are_larger_at_the_first_ranks(DispatchMode mode)
    {
        var given = DispatchRule.For(mode).Dispatch(CallArguments.Of(Samples.Rows(8)), Three);

        Assert.Equal([[0, 1, 2], [3, 4, 5], [6, 7]], given.Select(shard => shard!.N()));
    }

    [Theory]
    [MemberData(nameof(Sharding))]
    public void Fewer_rows_than_ranks_leave_ranks_without_rows_and_come_back_whole(DispatchMode mode)
    {
        var rule = DispatchRule.For(mode);

        var given = rule.Dispatch(CallArguments.Of(Samples.Rows(2)), Three);
        // A rank without rows answers with its meta alone.
        var merged = Assert.Single(rule.Collect([given[0], given[1], DataProto.Empty], Three));

        Assert.Equal([1, 1, 0], given.Select(shard => shard!.Length));
        Assert.Equal([0, 1], merged.N());
    }

    [Theory]
    [MemberData(nameof(Sharding))]
    public void Meta_alone_reaches_every_rank_and_is_merged(DispatchMode mode)
    {
        var rule = DispatchRule.For(mode);
        var step = DataProto.Empty.WithMeta(MetaInfo.Empty.With("global_step", 3));

        var given = rule.Dispatch(CallArguments.Of(step), Eight);
        var merged = Assert.Single(rule.Collect(given, Eight));

        Assert.All(given, shard => Assert.Equal(3, shard!.MetaInfo["global_step"].GetInt32()));
        Assert.Equal((0, 3), (merged.Length, merged.MetaInfo["global_step"].GetInt32()));
    }

    [Fact]
    public void A_mode_that_is_none_is_refused() => Assert.Throws<FleetException>(() => DispatchRule.For((DispatchMode)99));

    private static IReadOnlyList<DataProto?> Ranked(ClusterSnapshot snapshot) =>
        [.. snapshot.Ranks.Select(rank => (DataProto?)DataProto.Of([new("rank", Tensor.Of([rank.Info.Rank], 1))], []))];

    private static int Rank(DataProto result) => ((Tensor)result.Batch["rank"]).Span<int>()[0];

    private static DataProto Marked(DataProto shard, RankInfo info)
    {
        Tensor Column(int value) => Tensor.Of([.. Enumerable.Repeat(value, shard.Length)], shard.Length);
        return shard.With("dp", Column(info.DpRank)).With("tp", Column(info.TpRank)).With("pp", Column(info.PpRank));
    }

    private static (int Dp, int Tp, int Pp) Place(DataProto batch, int row)
    {
        int Of(string key) => ((Tensor)batch.Batch[key]).Span<int>()[row];
        return (Of("dp"), Of("tp"), Of("pp"));
    }
}
