using System.Diagnostics;
using Fleet.Chaos.Tests.Harness;
using Fleet.Integration.Tests.Cli;

namespace Fleet.Chaos.Tests.Faults;

/// <summary>Workers that are killed with -9 one after the other, while others join.</summary>
public sealed class WorkerKillTests(ChaosBroker broker) : IDisposable
{
    private const string Fault = "a worker killed every 2 s";
    private static readonly int Rows = Length.Of(1_600, 20_000);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Workers_killed_every_two_seconds_change_no_row()
    {
        var random = Length.Random(Fault);
        var calm = await ChaosRows.CalmAsync(Rows);
        await using var space = await broker.OpenSpaceAsync();
        var config = ChaosConfig.Write(_folder.Path, delayMs: Length.Of(15, 20), partRows: Length.Of(64, 256));
        var (input, output) = (_folder.File("rows.jsonl"), _folder.File("out.jsonl"));
        await File.WriteAllLinesAsync(input, ChaosRows.Lines(Rows));
        await using var workers = await WorkerProcesses.StartAsync(4, space.Url, config);

        var start = Stopwatch.GetTimestamp();
        await using var score = FleetProcess.Start("score", input, "-o", output, "--broker", space.Url.ToString(), "--config", config, "--max-unscored", "100");
        var exit = score.ExitAsync(TimeSpan.FromMinutes(10));
        var kills = 0;
        while (await Task.WhenAny(exit, Task.Delay(Every)) != exit)
        {
            // On a machine where starting one takes longer than that, the last one that serves is left.
            var serving = workers.Running.Where(workers.IsServing).ToList();
            if (serving.Count < 2) continue;
            serving[random.Next(serving.Count)].Kill();
            kills++;
            workers.Start();
        }

        Assert.True(await exit == 0, string.Join('\n', score.Said));
        ChaosRows.AssertCalm(calm, await File.ReadAllLinesAsync(output));
        Assert.True(kills >= 2, $"The run ended after {kills} kills.");
        ChaosReport.Add(Fault, $"{Rows:N0} rows, {kills} kills, equal to the calm run", Stopwatch.GetElapsedTime(start).TotalSeconds, "s");
    }
}
