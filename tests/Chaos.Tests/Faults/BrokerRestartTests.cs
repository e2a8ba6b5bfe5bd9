using System.Diagnostics;
using Fleet.Chaos.Tests.Harness;
using Fleet.Integration.Tests.Cli;

namespace Fleet.Chaos.Tests.Faults;

/// <summary>A broker that is killed in the middle and started again.</summary>
public sealed class BrokerRestartTests(ChaosBroker broker) : IDisposable
{
    private const string Fault = "the broker killed and started again";
    private static readonly int Rows = Length.Of(4_000, 20_000);
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
        await using var workers = await WorkerProcesses.StartAsync(Length.Of(2, 4), space.Url, config);
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
        Assert.Equal(Length.Of(2, 4), workers.Running.Count);
        ChaosReport.Add(Fault, "rows, workers", $"{Rows:N0} rows equal to the calm run, the same {workers.Running.Count} workers");
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
