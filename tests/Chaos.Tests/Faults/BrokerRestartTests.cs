using System.Diagnostics;
using Fleet.Chaos.Tests.Harness;
using Fleet.Dispatcher;
using Fleet.Integration.Tests.Cli;

namespace Fleet.Chaos.Tests.Faults;

/// <summary>A broker that is killed in the middle and started again.</summary>
public sealed class BrokerRestartTests(ChaosBroker broker) : IDisposable
{
    private const string Fault = "the broker killed and started again";
    private static readonly int Rows = Length.Of(4_000, 20_000);
    private static readonly int Workers = Length.Of(2, 4);
    private static readonly int Restarts = Length.Of(1, 2);
    private static readonly TimeSpan Away = Length.Seconds(2, 5);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_broker_killed_and_started_again_changes_no_row_and_needs_no_hand()
    {
        var random = Length.Random(Fault);
        var calm = await ChaosRows.CalmAsync(Rows);
        await using var space = await broker.OpenSpaceAsync();
        // Few in flight, so that results come in a stream and not all at the end.
        var config = ChaosConfig.Write(_folder.Path, delayMs: 15, more: "limits:\n  max_part_rows: 64\n  max_rows_in_flight: 800");
        await using var workers = await WorkerProcesses.StartAsync(Workers, space.Url, config);
        var input = _folder.File("rows.jsonl");
        await File.WriteAllLinesAsync(input, ChaosRows.Lines(Rows));

        await using var score = FleetProcess.Start("score", input, "--broker", space.Url.ToString(), "--config", config, "--max-unscored", "100");
        var output = new List<string>();
        var reading = ReadAsync(score, output);
        for (var restart = 1; restart <= Restarts; restart++)
        {
            var until = (Rows * restart / (Restarts + 1)) + random.Next(-Rows / 10, Rows / 10);
            await ReachAsync(output, until, reading);
            await broker.Server.KillAsync();
            // What was scored before may still be on its way out.
            await Task.Delay(Away);
            int before;
            lock (output) before = output.Count;
            await broker.Server.StartAgainAsync();
            var start = Stopwatch.GetTimestamp();
            await ReachAsync(output, before + 1, reading);
            ChaosReport.Add(Fault, $"restart {restart}: from the broker's start until rows come again", Stopwatch.GetElapsedTime(start).TotalSeconds, "s");
        }

        await reading.WaitAsync(FleetProcess.Patience);
        Assert.True(await score.ExitAsync() == 0, string.Join('\n', score.Said));
        ChaosRows.AssertCalm(calm, output);
        Assert.All(workers.Running, worker => Assert.False(worker.HasExited));
        Assert.Equal(Workers, workers.Running.Count);
        await AllServeAsync(space, Workers);
        foreach (var worker in workers.Running) Signals.Send(worker.Id, Signals.Terminate);
        foreach (var worker in workers.Running) await worker.ExitAsync();
        await space.NothingIsLeftAsync(name => BrokerSpace.IsOfDispatcher(name) || BrokerSpace.IsOfWorker(name), orExpires: true);
        ChaosReport.Add(Fault, "rows, workers", $"{Rows:N0} rows equal to the calm run, the same {Workers} workers, all serving again");
    }

    // Every worker announces itself for each of its domains again, and every rank of them scores.
    private static async Task AllServeAsync(BrokerSpace space, int workers)
    {
        await using var user = await FleetUser.StartAsync(space.Url, new DispatcherOptions { MaxPartRows = 8 }, FleetUser.Blocks(0));
        foreach (var domain in ChaosConfig.Domains.Split(',')) await user.WaitForWorkersAsync(workers, domain);
        var arrivals = new ArrivalLog();
        await user.ScoreAsync(ChaosRows.Lines(800).ToAsyncEnumerable(), arrivals, new CallOptions { Spread = Spread.Ranks }).WaitAsync(FleetUser.Patience);
        foreach (var domain in arrivals.All.Where(arrival => arrival.Reward.Rank is not null).GroupBy(arrival => arrival.Reward.Domain))
        {
            Assert.Equal(Enumerable.Range(0, workers), domain.Select(arrival => arrival.Reward.Rank!.Value).Distinct().Order());
        }

        Assert.Equal(800, arrivals.Count);
    }

    private static async Task ReadAsync(FleetProcess score, List<string> output)
    {
        while (await score.Output.ReadLineAsync() is { } line)
        {
            lock (output) output.Add(line);
        }
    }

    private static async Task ReachAsync(List<string> output, int count, Task reading)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            int reached;
            lock (output) reached = output.Count;
            if (reached >= count) return;
            Assert.True(!reading.IsCompleted && Stopwatch.GetElapsedTime(start) < FleetProcess.Patience, $"{count} rows were waited for, and {reached} came.");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
