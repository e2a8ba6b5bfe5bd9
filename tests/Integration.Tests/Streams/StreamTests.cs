using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Batches;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Rollouts;
using Fleet.Integration.Tests.Cli;
using Fleet.Integration.Tests.Gateway;

namespace Fleet.Integration.Tests.Streams;

/// <summary>The open call: rows go in while they are generated, results come out while rows still go in, groups stay whole.</summary>
public sealed class StreamTests
{
    private const string Domain = "streamed";
    private const int GroupSize = 8;

    [Theory]
    [InlineData(16_384)]
    [InlineData(200)]
    public async Task A_group_level_method_gets_whole_groups_however_their_rows_come(int maxRowsInFlight)
    {
        await using var fleet = await StartAsync(nameof(GroupCountRewardWorker), new DispatcherOptions { MaxPartRows = 20 });
        // At most 12 groups are open at once, in any order within them.
        var random = new Random(7);
        var rows = Enumerable.Range(0, 60).Chunk(12).SelectMany(groups => groups.SelectMany(group => Enumerable.Repeat(group, GroupSize)).OrderBy(_ => random.Next())).ToList();

        foreach (var isInOrder in new[] { true, false })
        {
            var results = await ScoreAsync(fleet, rows.Select(group => (object)new { group_id = group, group_size = GroupSize }), new CallOptions { InOrder = isInOrder, MaxRowsInFlight = maxRowsInFlight });
            Assert.Equal(rows.Count, results.Count);
            Assert.All(results, result => Assert.Equal(GroupSize, result.Reward));
        }
    }

    [Fact]
    public async Task A_group_that_never_gets_whole_goes_with_what_it_has_when_the_rows_end()
    {
        await using var fleet = await StartAsync(nameof(GroupCountRewardWorker));
        object[] rows =
        [
            .. Enumerable.Repeat(new { group_id = "five of eight", group_size = GroupSize }, 5),
            .. Enumerable.Repeat(new { group_id = "says no size" }, 3),
            new { group_id = (string?)null },
        ];
        Assert.Equal([5, 5, 5, 5, 5, 3, 3, 3, 1], (await ScoreAsync(fleet, rows, new CallOptions())).Select(result => result.Reward!.Value));
    }

    [Fact]
    public async Task A_call_without_room_for_its_groups_ends_all_the_same()
    {
        await using var fleet = await StartAsync(nameof(GroupCountRewardWorker));
        var rows = Enumerable.Range(0, 80).Select(i => (object)new { group_id = i % 10, group_size = GroupSize });
        var results = await ScoreAsync(fleet, rows, new CallOptions { MaxRowsInFlight = 15 }).WaitAsync(TestGateway.Patience);
        Assert.Equal(80, results.Count);
        Assert.All(results, result => Assert.InRange(result.Reward!.Value, 1, GroupSize));
    }

    [Fact]
    public async Task A_batch_is_cut_between_groups_and_put_back_in_order()
    {
        await using var fleet = await StartAsync(nameof(GroupCountRewardWorker), new DispatcherOptions { MaxPartRows = 20 });
        var random = new Random(11);
        int[] groups = [.. Enumerable.Range(0, 40).SelectMany(group => Enumerable.Repeat(group, 1 + (group % 9))).OrderBy(_ => random.Next())];
        var batch = DataProto.Of([],
        [
            new(BatchKeys.Domain, ValueColumn.OfText([.. groups.Select(_ => Domain)])),
            new(BatchKeys.ResponseText, ValueColumn.OfText([.. groups.Select(_ => "x")])),
            new(BatchKeys.GroupId, ValueColumn.OfText([.. groups.Select(group => $"g{group}")])),
        ]);
        foreach (var spread in new[] { Spread.Shared, Spread.Ranks })
        {
            var outcomes = await fleet.Dispatcher.Scheduler(fleet.Run).ScoreAsync(batch, new CallOptions { Spread = spread }, CancellationToken.None);
            Assert.Equal(groups.Select(group => 1.0 + (group % 9)), outcomes.Select(outcome => outcome.Reward!.Value));
        }
    }

    /// <summary>The exact figures are measured by the benchmark; here the machine may be busy, and only a call that waits for its rows' end fails.</summary>
    [Fact]
    public async Task Scoring_goes_on_while_rows_are_generated()
    {
        await using var fleet = await StartAsync(nameof(GatedRewardWorker), gate: (milliseconds, cancellation) => Task.Delay(int.Parse(milliseconds, System.Globalization.CultureInfo.InvariantCulture), cancellation));
        await ScoreAsync(fleet, [new { response = "0" }], new CallOptions());
        var random = new Random(5);
        var plan = Enumerable.Range(0, 60).Select(_ => (Wait: random.Next(0, 100), Cost: random.Next(0, 60))).ToList();

        var start = Stopwatch.GetTimestamp();
        TimeSpan? first = null, generated = null;
        var before = 0;
        await foreach (var result in fleet.Dispatcher.ScoreAsync(fleet.Run, GenerateAsync(), new CallOptions { InOrder = false }, CancellationToken.None))
        {
            first ??= Stopwatch.GetElapsedTime(start);
            if (generated is null) before++;
        }

        var makespan = Stopwatch.GetElapsedTime(start);
        var scoring = TimeSpan.FromMilliseconds(plan.Sum(row => row.Cost) / 2.0);
        Assert.True(before > plan.Count / 2, $"Only {before} of {plan.Count} rows were scored while rows were generated.");
        Assert.True(first < generated, $"The first result came after {first}, the last row after {generated}.");
        Assert.True(makespan < (generated > scoring ? generated : scoring) + TimeSpan.FromSeconds(2), $"Generating took {generated}, scoring would have taken {scoring}, both took {makespan}.");

        async IAsyncEnumerable<Row> GenerateAsync()
        {
            for (var i = 0; i < plan.Count; i++)
            {
                await Task.Delay(plan[i].Wait);
                yield return RowOf(i, new { response = $"{plan[i].Cost}" });
            }

            generated = Stopwatch.GetElapsedTime(start);
        }
    }

    [Fact]
    public async Task The_sample_service_scores_what_it_generates()
    {
        var (exit, output, errors) = await FleetProcess.RunBesideAsync("RewardService");
        Assert.True(exit == 0, errors);
        Assert.Equal(20, output.Length);
        Assert.All(output, line => Assert.Contains(" scored ", line, StringComparison.Ordinal));
        Assert.Equal(10, output.Count(line => line.Contains(" scored 1 ", StringComparison.Ordinal)));
    }

    private static Task<TestGateway> StartAsync(string workerClass, DispatcherOptions? dispatcher = null, Func<string, CancellationToken, Task>? gate = null) => TestGateway.StartAsync(
        [Domain],
        dispatcher: dispatcher,
        worker: GatedRewardWorker.Options(Domain),
        config: new JsonObject { ["worker_cls"] = workerClass, ["row_timeout_s"] = 60 },
        services: gate is null ? null : GatedRewardWorker.Gate(gate));

    private static async Task<List<RowReward>> ScoreAsync(TestGateway fleet, IEnumerable<object> rows, CallOptions options)
    {
        var results = new List<RowReward>();
        await foreach (var result in fleet.Dispatcher.ScoreAsync(fleet.Run, Each(rows), options, CancellationToken.None)) results.Add(result);
        return results;
    }

    private static async IAsyncEnumerable<Row> Each(IEnumerable<object> rows, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await Task.Yield();
        var number = 0;
        foreach (var row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return RowOf(number++, row);
        }
    }

    private static Row RowOf(int id, object columns)
    {
        var json = JsonSerializer.SerializeToNode(columns)!.AsObject();
        json["id"] = id;
        json["domain"] = Domain;
        json["response"] ??= "x";
        return Row.Of(id + 1, JsonSerializer.SerializeToElement(json), 100, int.MaxValue);
    }
}
