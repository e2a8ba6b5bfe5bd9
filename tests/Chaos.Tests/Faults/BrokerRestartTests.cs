using System.Diagnostics;
using Fleet.Chaos.Tests.Harness;
using Fleet.Integration.Tests.Cli;

namespace Fleet.Chaos.Tests.Faults;

/// <summary>A broker that is killed in the middle and started again.</summary>
public sealed class BrokerRestartTests(ChaosBroker broker) : IDisposable
{
    private const string Fault = "the broker killed and started again";
    private static readonly int Rows = Length.Of(2_500, 20_000);
    private static readonly int Restarts = Length.Of(1, 2);
    private static readonly TimeSpan Away = Length.Seconds(1, 5);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_broker_killed_and_started_again_changes_no_row_and_needs_no_hand()
    {
        var random = Length.Random(Fault);
        var calm = await ChaosRows.CalmAsync(Rows);
        await using var space = await broker.OpenSpaceAsync();
        var config = ChaosConfig.Write(_folder.Path, delayMs: 10, partRows: 64);
        await using var workers = await WorkerProcesses.StartAsync(Length.Of(2, 4), space.Url, config);
        var input = _folder.File("rows.jsonl");
        await File.WriteAllLinesAsync(input, ChaosRows.Lines(Rows));

        await using var score = FleetProcess.Start("score", input, "--broker", space.Url.ToString(), "--config", config, "--max-unscored", "100");
        var output = new List<string>();
        for (var restart = 1; restart <= Restarts; restart++)
        {
            var until = (Rows * restart / (Restarts + 1)) + random.Next(-Rows / 10, Rows / 10);
            while (output.Count < until && await NextAsync(score) is { } line) output.Add(line);
            await broker.Server.KillAsync();
            await Task.Delay(Away);
            await broker.Server.StartAgainAsync();
            var start = Stopwatch.GetTimestamp();
            // What was scored before is still in pipes and buffers; the fleet works again when a part that was sent after that comes.
            var working = output.Count + 600;
            while (output.Count < working && await NextAsync(score) is { } line) output.Add(line);
            ChaosReport.Add(Fault, $"restart {restart}: from its start until 600 further rows are there", Stopwatch.GetElapsedTime(start).TotalSeconds, "s");
        }

        while (await NextAsync(score) is { } line) output.Add(line);
        Assert.True(await score.ExitAsync() == 0, string.Join('\n', score.Said));
        ChaosRows.AssertCalm(calm, output);
        Assert.All(workers.Running, worker => Assert.False(worker.HasExited));
        Assert.Equal(Length.Of(2, 4), workers.Running.Count);
        ChaosReport.Add(Fault, "rows, workers", $"{Rows:N0} rows equal to the calm run, the same {workers.Running.Count} workers");
    }

    private static async Task<string?> NextAsync(FleetProcess score) => await score.Output.ReadLineAsync().WaitAsync(FleetProcess.Patience);
}
