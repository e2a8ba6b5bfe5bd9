using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Names;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Dispatch;
using Fleet.Dispatcher.Rollouts;

namespace Fleet.QueueContract.Tests;

/// <summary>What a fleet does over any queue.</summary>
public abstract class QueueContract<TQueue>(TQueue queue) : IClassFixture<TQueue>
    where TQueue : class, IQueueFixture
{
    private protected TQueue Queue { get; } = queue;

    [Fact]
    public async Task Rows_come_back_in_order_with_one_result_each()
    {
        await using var fleet = await TestFleet.StartAsync(Queue, Queue.Ranks, new DispatcherOptions { MaxPartRows = 16 });

        var rewards = await fleet.ScoreAsync(Numbers(400));

        AssertScored(rewards, 400);
        Assert.All(rewards, reward => Assert.InRange(reward.Rank!.Value, 0, Queue.Ranks - 1));
    }

    [Fact]
    public async Task More_rows_than_may_be_in_flight_pass_through()
    {
        await using var fleet = await TestFleet.StartAsync(Queue, Queue.Ranks, new DispatcherOptions { MaxPartRows = 4, MaxRowsInFlight = 10 });

        AssertScored(await fleet.ScoreAsync(Numbers(100)), 100);
    }

    [Fact]
    public async Task Ranks_and_the_shared_queue_give_equal_results()
    {
        await using var fleet = await TestFleet.StartAsync(Queue, Queue.Ranks, new DispatcherOptions { MaxPartRows = 8 });

        var shared = await fleet.ScoreAsync(Numbers(50), new CallOptions { Spread = Spread.Shared });
        var ranks = await fleet.ScoreAsync(Numbers(50), new CallOptions { Spread = Spread.Ranks });

        AssertScored(ranks, 50);
        Assert.Equal(shared.Select(Verdict), ranks.Select(Verdict));
        Assert.Equal(Enumerable.Range(0, Queue.Ranks), ranks.Select(reward => reward.Rank!.Value).Distinct().Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task A_batch_is_sharded_over_the_ranks_and_restored(int rows)
    {
        await using var fleet = await TestFleet.StartAsync(Queue, Queue.Ranks);

        var rewards = await fleet.Dispatcher.Scheduler(fleet.Run).ComputeRewardsAsync(Batch(fleet, rows), Dispatcher.Collecting.OnUnscored.Raise, null, CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, rows).Select(row => (Half)(row % 3 == 0 ? 1 : 0)), ((Tensor)rewards.Batch[BatchKeys.Scores]).Span<Half>().ToArray());
    }

    [Fact]
    public async Task A_part_of_several_megabytes_arrives_whole()
    {
        await using var fleet = await TestFleet.StartAsync(Queue, Queue.Ranks);
        var text = string.Concat(Enumerable.Repeat("Mühe 😀 ", 300_000));

        var rewards = await fleet.ScoreAsync([(text, text), (text, text + "."), (text, text)]);

        Assert.Equal([1, 0, 1], rewards.Select(reward => reward.Score!.Value));
        Assert.Contains(text.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), rewards[0].Detail!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sample_plug_in_scores_and_its_own_method_is_called_by_name()
    {
        await using var fleet = await TestFleet.StartAsync(Queue, Queue.Ranks, new DispatcherOptions { MaxPartRows = 1 }, plugIn: PlugIn.Sample);

        var rewards = await fleet.ScoreAsync([("<think>a</think><answer>4</answer>", "4"), ("<think>a</think><answer>5</answer>", "4"), ("4", "4")]);
        var counts = await fleet.Cluster.CallAsync("count_rows", CallArguments.None, null, CancellationToken.None);

        Assert.Equal([1.2, 0.2, 0], rewards.Select(reward => Math.Round(reward.Reward!.Value, 6)));
        Assert.Equal(["equal", "not_equal", "no_format"], rewards.Select(reward => reward.ReasonCode));
        Assert.Equal(Queue.Ranks, counts.Count);
        Assert.Equal(3, counts.Sum(count => count.MetaInfo["rows"].GetInt64()));
    }

    [Fact]
    public async Task Every_mode_collects_by_its_rule()
    {
        await using var fleet = await TestFleet.StartAsync(Queue, Queue.Ranks);
        var ranks = Enumerable.Range(0, Queue.Ranks).ToArray();
        var batch = Batch(fleet, 5);
        Task<IReadOnlyList<DataProto>> Call(string method, CallArguments arguments) => fleet.Cluster.CallAsync(method, arguments, null, CancellationToken.None);

        var all = await Call("all", CallArguments.Of(batch));
        Assert.Equal(ranks, all.Select(result => By(result).Distinct().Single()));
        Assert.All(all, result => Assert.Equal(Ids(batch), Ids(result)));

        Assert.Equal([0], (await Call("first", CallArguments.Of(batch))).Select(result => By(result).Distinct().Single()));

        var each = await Call("each", CallArguments.ForRanks([.. ranks.Select(rank => batch.Slice(rank, rank + 1))]));
        Assert.Equal(ranks, each.Select(result => By(result).Single()));
        Assert.Equal(ranks.Select(rank => Ids(batch)[rank]), each.Select(result => Ids(result).Single()));

        foreach (var method in new[] { "compute", "dispatch_first" })
        {
            var merged = Assert.Single(await Call(method, CallArguments.Of(batch)));
            Assert.Equal(Ids(batch), Ids(merged));
            Assert.Equal(ranks.SelectMany(rank => Enumerable.Repeat(rank, batch.Chunk(Queue.Ranks)[rank].Length)), By(merged));
        }

        var shards = await Call("dispatch_first_collect_all", CallArguments.Of(batch));
        Assert.Equal(batch.Chunk(Queue.Ranks).Select(Ids), shards.Select(Ids));
    }

    [Fact]
    public async Task A_call_carries_meta_without_rows()
    {
        await using var fleet = await TestFleet.StartAsync(Queue, Queue.Ranks);

        var results = await fleet.Cluster.CallAsync("all", CallArguments.Of(DataProto.Empty.WithMeta(MetaInfo.Empty.With("global_step", 7))), null, CancellationToken.None);

        Assert.Equal(Enumerable.Repeat(7, Queue.Ranks), results.Select(result => result.MetaInfo["global_step"].GetInt32()));
        Assert.Equal(Enumerable.Range(0, Queue.Ranks), results.Select(result => result.MetaInfo["by"].GetInt32()));
    }

    [Fact]
    public async Task A_callers_own_rule_says_who_gets_what_and_what_comes_of_it()
    {
        await using var fleet = await TestFleet.StartAsync(Queue, Queue.Ranks);
        var lastOnly = new DispatchRule(
            (arguments, snapshot) => [.. snapshot.Ranks.Select(rank => rank.Info.Rank == snapshot.Ranks.Count - 1 ? arguments.Batch : null)],
            (results, _) => [results.OfType<DataProto>().Single().Slice(0, 1)]);

        var result = Assert.Single(await fleet.Cluster.CallAsync("all", CallArguments.Of(Batch(fleet, 3)), lastOnly, CancellationToken.None));

        Assert.Equal([Queue.Ranks - 1], By(result));
    }

    [Fact]
    public async Task A_method_that_throws_or_is_not_there_is_one_sentence()
    {
        await using var fleet = await TestFleet.StartAsync(Queue, Queue.Ranks);

        var failed = await Assert.ThrowsAsync<FleetException>(() => fleet.Cluster.CallAsync("fails", CallArguments.None, null, CancellationToken.None));
        Assert.Contains("InvalidOperationException: it was asked to", failed.Message, StringComparison.Ordinal);

        var unknown = await Assert.ThrowsAsync<FleetException>(() => fleet.Cluster.CallAsync("no_such_method", CallArguments.None, null, CancellationToken.None));
        Assert.Contains("no_such_method", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_that_comes_twice_counts_once()
    {
        await using var fleet = await TestFleet.StartAsync(Queue, ranks: 0, new DispatcherOptions { MaxPartRows = 2 });
        var worker = new ScriptedWorker(fleet.Bus, fleet.Domain, repliesEach: 3);
        await using var _ = await worker.ServeAsync();
        await fleet.WaitForWorkersAsync(1);

        var rewards = await fleet.ScoreAsync(Numbers(6)).WaitAsync(TestFleet.Patience);

        // The second and third replies of each part say another score. Whichever is heard first counts, for both rows of the part.
        Assert.Equal(6, rewards.Count);
        Assert.All(rewards.Chunk(2), part => Assert.Equal(part[0].Score!.Value, part[1].Score!.Value));
    }

    [Fact]
    public async Task A_command_that_comes_twice_is_answered_with_the_first_verdict()
    {
        await using var fleet = await TestFleet.StartAsync(Queue, ranks: 1, plugIn: PlugIn.Tests with { WorkerClass = nameof(OpinionRewardWorker) });
        var asker = new ScriptedDispatcher(fleet.Bus, fleet.Run, fleet.Domain);
        await using var _ = await asker.ListenAsync();

        var first = await asker.AskAsync(Batch(fleet, 2), part: 0);
        var again = await asker.AskAsync(Batch(fleet, 2), part: 0);
        var another = await asker.AskAsync(Batch(fleet, 2), part: 1);

        Assert.Equal(first, again);
        Assert.NotEqual(first, another);
    }

    internal static IEnumerable<(string Response, string Gold)> Numbers(int rows) =>
        Enumerable.Range(0, rows).Select(row => ($"answer {row}", row % 3 == 0 ? $"answer {row}" : "another"));

    internal static void AssertScored(IReadOnlyList<RowReward> rewards, int rows)
    {
        Assert.Equal(Enumerable.Range(1, rows).Select(row => (long)row), rewards.Select(reward => reward.Row.Number));
        Assert.All(rewards, reward => Assert.Equal((RowStatus.Scored, reward.Row.Number % 3 == 1 ? 1.0 : 0.0), (reward.Status, reward.Score)));
    }

    // Who scored it is no part of a verdict.
    private static (long, RowStatus, double?, double?, string, int) Verdict(RowReward reward) =>
        (reward.Row.Number, reward.Status, reward.Score, reward.Reward, reward.Reason, (int)JsonNode.Parse(reward.Detail!)!["characters"]!);

    private protected static DataProto Batch(TestFleet fleet, int rows) => DataProto.Of(
        [],
        [
            new(BatchKeys.Id, ValueColumn.OfText([.. Enumerable.Range(0, rows).Select(row => $"row {row}")])),
            new(BatchKeys.Domain, ValueColumn.OfText([.. Enumerable.Repeat(fleet.Domain, rows)])),
            new(BatchKeys.ResponseText, ValueColumn.OfText([.. Numbers(rows).Select(row => row.Response)])),
            new(BatchKeys.GroundTruth, ValueColumn.OfText([.. Numbers(rows).Select(row => row.Gold)])),
        ]);

    private static string?[] Ids(DataProto batch) => [.. Enumerable.Range(0, batch.Length).Select(row => batch.NonTensorBatch[BatchKeys.Id].Text(row))];

    private static int[] By(DataProto batch) => [.. Enumerable.Range(0, batch.Length).Select(row => (int)batch.NonTensorBatch["by"].Number(row)!.Value)];
}

/// <summary>The contract in memory.</summary>
public sealed class InMemoryQueueTests(InMemoryQueue queue) : CallContract<InMemoryQueue>(queue);
