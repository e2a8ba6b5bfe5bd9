using System.Text.Json;
using Fleet.Contracts.Ranks;
using Fleet.Dispatcher.Clusters;

namespace Fleet.Unit.Tests.Contracts.Ranks;

public sealed class GroupShapeTests
{
    [Theory]
    [InlineData("{}", 1, 1)]
    [InlineData("""{"tp_size": 4, "pp_size": 2}""", 4, 2)]
    [InlineData("""{"strategy_args": {"strategy_config": {"tensor_model_parallel_size": 2, "pipeline_model_parallel_size": 3}}}""", 2, 3)]
    [InlineData("""{"tp_size": 4, "strategy_args": {"strategy_config": {"tensor_model_parallel_size": 2, "pipeline_model_parallel_size": 3}}}""", 4, 3)]
    [InlineData("""{"strategy_args": {"strategy_config": {"tensor_parallel_size": 2}}}""", 1, 1)]
    [InlineData("""{"tp_size": 0, "pp_size": "2", "strategy_args": 7}""", 1, 1)]
    public void A_group_is_what_the_configuration_says_and_one_rank_otherwise(string config, int tp, int pp) =>
        Assert.Equal(new GroupShape(tp, pp), GroupShape.Of(JsonSerializer.Deserialize<JsonElement>(config)));

    [Fact]
    public void A_worker_counts_itself_as_a_snapshot_of_a_whole_cluster_does()
    {
        var snapshot = ClusterSnapshot.Of(1, Enumerable.Range(0, 12).Select(lease => (lease, $"w{lease}")), tpSize: 2, ppSize: 3);

        Assert.Equal(snapshot.Ranks.Select(rank => rank.Info), Enumerable.Range(0, 12).Select(lease => RankInfo.Grouped(lease, 12, new GroupShape(2, 3))));
    }

    [Theory]
    [InlineData(0, 1, 6)]
    [InlineData(6, 1, 12)]
    [InlineData(3, 8, 12)]
    public void What_is_missing_to_whole_groups_is_counted_as_there(int lease, int worldSize, int world) =>
        Assert.Equal(world, RankInfo.Grouped(lease, worldSize, new GroupShape(2, 3)).WorldSize);
}
