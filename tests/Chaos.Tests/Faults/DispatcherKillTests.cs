using Fleet.Chaos.Tests.Harness;
using Fleet.Integration.Tests.Cli;

namespace Fleet.Chaos.Tests.Faults;

/// <summary>A dispatcher that is killed with -9 at any moment, again and again, and resumed.</summary>
public sealed class DispatcherKillTests(ChaosBroker broker) : IDisposable
{
    private const string Fault = "the dispatcher killed and resumed";
    private static readonly int Rows = Length.Of(2_500, 20_000);
    private static readonly int Kills = Length.Of(2, 20);
    private static readonly int InFlight = Length.Of(400, 1_500);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_dispatcher_killed_at_any_moment_and_resumed_writes_what_a_calm_run_writes()
    {
        var random = Length.Random(Fault);
        var calm = await ChaosRows.CalmAsync(Rows);
        await using var space = await broker.OpenSpaceAsync();
        var notes = Directory.CreateDirectory(_folder.File("notes")).FullName;
        var config = ChaosConfig.Write(_folder.Path, delayMs: 2, more: $"limits:\n  max_part_rows: 64\n  max_rows_in_flight: {InFlight}", notes: notes);
        var (input, output) = (_folder.File("rows.jsonl"), _folder.File("out.jsonl"));
        await File.WriteAllLinesAsync(input, ChaosRows.Lines(Rows));
        string[] command = ["score", input, "-o", output, "--resume", "--broker", space.Url.ToString(), "--config", config, "--max-unscored", "100"];
        await using var workers = await WorkerProcesses.StartAsync(2, space.Url, config);

        var (midway, atStart) = (0, 0);
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var score = FleetProcess.Start(command);
            // Some kills hit its start, most hit its work.
            var hitsStart = kill % 4 == 3;
            if (hitsStart) await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * 3));
            else await WrittenAsync(score, output, random.Next(1, calm.Sum(line => line.Length + 20) * 9 / 10));
            if (!score.HasExited) (midway, atStart) = (midway + 1, hitsStart ? atStart + 1 : atStart);
            score.Kill();
            await score.ExitAsync();
        }

        var (exit, _, errors) = await FleetProcess.RunAsync(command);

        Assert.True(exit == 0, errors);
        ChaosRows.AssertCalm(calm, await File.ReadAllLinesAsync(output));
        Assert.Equal([input, output], Directory.GetFiles(_folder.Path, "*.jsonl*").Order(StringComparer.Ordinal).Reverse());
        var leftQueues = await space.NothingIsLeftAsync(BrokerSpace.IsOfDispatcher, killedAtStart: atStart);
        var scored = Directory.GetFiles(notes).SelectMany(File.ReadAllLines).GroupBy(row => row).Select(times => times.Count()).ToList();
        Assert.Equal(calm.Count(line => line.Contains($"\"{ChaosConfig.Paced}\"", StringComparison.Ordinal)), scored.Count);
        Assert.True(scored.Sum() - scored.Count <= midway * InFlight, $"{scored.Sum() - scored.Count} rows were scored again, and at most {midway * InFlight} were in flight.");
        ChaosReport.Add(Fault, "kills", $"{midway} of {Kills} midway, {Rows:N0} rows equal to the calm run");
        ChaosReport.Add(Fault, "of those killed at their start, that left an empty queue", $"{leftQueues} of {atStart}");
        ChaosReport.Add(Fault, "rows scored again, of those in flight at the kills", $"{scored.Sum() - scored.Count:N0} of at most {midway * InFlight:N0}");
    }

    private static async Task WrittenAsync(FleetProcess score, string output, long bytes)
    {
        while (!score.HasExited && Size(output + ".resume") + (File.Exists(output + ".resume") ? 0 : Size(output)) < bytes) await Task.Delay(TimeSpan.FromMilliseconds(20));
    }

    private static long Size(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;
}
