using System.Text.Json.Nodes;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Dispatch;

namespace Fleet.QueueContract.Tests;

/// <summary>Models that several ranks make together: every rank of a group gets the shard, one of them answers for it.</summary>
public sealed class ModelParallelTests(RabbitMqQueue queue) : IClassFixture<RabbitMqQueue>
{
    private static readonly JsonObject TwoByTwo = new() { ["strategy_args"] = new JsonObject { ["strategy_config"] = new JsonObject { ["tensor_model_parallel_size"] = 2, ["pipeline_model_parallel_size"] = 2 } } };
    private static readonly JsonObject Pairs = new() { ["tp_size"] = 2 };

    [Theory]
    [InlineData(Spread.Ranks)]
    [InlineData(Spread.Shared)]
    public async Task Every_rank_of_a_group_gets_the_shard_and_the_collecting_one_answers(Spread spread)
    {
        await using var fleet = await TestFleet.StartAsync(queue, ranks: 4, new DispatcherOptions { MaxPartRows = 2 }, settings: Pairs);

        var rewards = await fleet.ScoreAsync(Numbers(10), new CallOptions { Spread = spread }).WaitAsync(TestFleet.Patience);
        var standings = await fleet.Cluster.CallAsync("standing", CallArguments.None, null, CancellationToken.None);

        AssertScored(rewards, 10);
        Assert.All(rewards, reward => Assert.Contains("tp 0/2", reward.Detail, StringComparison.Ordinal));
        Assert.Equal(["dp 0/2", "dp 1/2"], rewards.Select(reward => ((string)JsonNode.Parse(reward.Detail!)!["place"]!)[..6]).Distinct().Order());
        var scored = standings.Select(standing => standing.MetaInfo["scored"].GetInt32()).ToList();
        Assert.Equal(10, scored[0] + scored[2]);
        Assert.Equal((scored[0], scored[2]), (scored[1], scored[3]));
    }

    [Fact]
    public async Task Results_leave_at_the_last_stage_of_the_pipeline()
    {
        await using var fleet = await TestFleet.StartAsync(queue, ranks: 4, settings: TwoByTwo);

        var rewards = await fleet.ScoreAsync(Numbers(3)).WaitAsync(TestFleet.Patience);
        var standings = await fleet.Cluster.CallAsync("standing", CallArguments.None, null, CancellationToken.None);

        AssertScored(rewards, 3);
        Assert.All(rewards, reward => Assert.Contains("dp 0/1 tp 0/2 pp 1/2 of 4", reward.Detail, StringComparison.Ordinal));
        Assert.Equal(
            ["dp 0/1 tp 0/2 pp 0/2 of 4", "dp 0/1 tp 1/2 pp 0/2 of 4", "dp 0/1 tp 0/2 pp 1/2 of 4", "dp 0/1 tp 1/2 pp 1/2 of 4"],
            standings.Select(standing => standing.MetaInfo["first"].GetString()));
        Assert.Equal(standings.Select(standing => standing.MetaInfo["first"].GetString()), standings.Select(standing => standing.MetaInfo["now"].GetString()));
        Assert.All(standings, standing => Assert.Equal(3, standing.MetaInfo["scored"].GetInt32()));
    }

    [Fact]
    public async Task A_group_that_loses_a_rank_leaves_its_rows_to_the_others()
    {
        await using var fleet = await TestFleet.StartAsync(queue, ranks: 0, new DispatcherOptions { MaxPartRows = 2, WorkerSilence = TimeSpan.FromSeconds(2) }, settings: Pairs);
        await using var relay = new Relay(queue.Broker.Url!.Host, queue.Broker.Url.Port);
        var entered = new TaskCompletionSource();
        await fleet.AddWorkerAsync();
        var dying = await fleet.AddWorkerAsync(
            async (_, _) =>
            {
                entered.TrySetResult();
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
            },
            broker: new Messaging.BrokerOptions { Url = new UriBuilder("amqp", "127.0.0.1", relay.Port) { UserName = "guest", Password = "guest" }.Uri });
        await fleet.AddWorkerAsync();
        await fleet.AddWorkerAsync();
        await fleet.WaitForWorkersAsync(4);
        await fleet.Dispatcher.InitializeAsync(fleet.Run, null, CancellationToken.None).WaitAsync(TestFleet.Patience);

        var scoring = fleet.ScoreAsync(Numbers(12));
        await entered.Task.WaitAsync(TestFleet.Patience);
        fleet.Abandon(dying);
        relay.Cut();

        AssertScored(await scoring.WaitAsync(TestFleet.Patience), 12);
    }

    [Fact]
    public async Task Without_a_whole_group_rows_wait_until_the_deadline_and_fail()
    {
        await using var fleet = await TestFleet.StartAsync(queue, ranks: 1, settings: Pairs);

        var rewards = await fleet.ScoreAsync(Numbers(2), new CallOptions { Timeout = TimeSpan.FromSeconds(1) }).WaitAsync(TestFleet.Patience);

        Assert.All(rewards, reward => Assert.Equal("no_worker", reward.ReasonCode));
        Assert.Contains("2 x 1 ranks", rewards[0].Reason, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Response, string Gold)> Numbers(int rows) => QueueContract<RabbitMqQueue>.Numbers(rows);

    private static void AssertScored(IReadOnlyList<Dispatcher.Rollouts.RowReward> rewards, int rows) => QueueContract<RabbitMqQueue>.AssertScored(rewards, rows);
}
