using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Chaos.Tests.Harness;
using Fleet.Integration.Tests.Cli;

namespace Fleet.Chaos.Tests.Faults;

/// <summary>Rows whose scorer takes the process down, again and again.</summary>
public sealed class PoisonTests(ChaosBroker broker) : IDisposable
{
    private const string Fault = "rows that kill their worker";
    private static readonly int Rows = Length.Of(400, 5_000);
    private static readonly int Poisons = Length.Of(2, 5);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rows_that_kill_their_worker_fail_alone_and_all_others_are_scored()
    {
        var random = Length.Random(Fault);
        var poisons = new HashSet<int>();
        while (poisons.Count < Poisons) poisons.Add(random.Next(Rows));
        await using var space = await broker.OpenSpaceAsync();
        var config = ChaosConfig.Write(_folder.Path, delayMs: 1, partRows: Length.Of(8, 256));
        var input = _folder.File("rows.jsonl");
        await File.WriteAllLinesAsync(input, Enumerable.Range(0, Rows).Select(row => JsonSerializer.Serialize(new
        {
            id = row,
            domain = ChaosConfig.Paced,
            response = poisons.Contains(row) ? ChaosRewardWorker.Poison : $"answer {row % 5}",
            ground_truth = "answer 3",
        })));
        await using var workers = await WorkerProcesses.StartAsync(3, space.Url, config, ChaosConfig.Paced);
        using var stop = new CancellationTokenSource();
        var keeping = workers.KeepAsync(3, stop.Token);

        var start = Stopwatch.GetTimestamp();
        await using var score = FleetProcess.Start("score", input, "--broker", space.Url.ToString(), "--config", config, "--max-unscored", "100");
        var output = await score.Output.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(10));
        Assert.True(await score.ExitAsync() == 0, string.Join('\n', score.Said));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await stop.CancelAsync();
        var restarts = await keeping;

        var results = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        ChaosReport.Add(Fault, $"{Rows:N0} rows, {Poisons} of them kill: workers lost, all done after", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{restarts} workers, {seconds:0.0} s"));
        Assert.Equal(Enumerable.Range(0, Rows), results.Select(result => (int)result["id"]!));
        Assert.Equal(poisons.Order(), results.Where(result => (string?)result["status"] != "scored").Select(result => (int)result["id"]!));
        Assert.All(poisons, row => Assert.Equal(("failed", "worker_lost"), ((string)results[row]["status"]!, ((string)results[row]["reason"]!).Split(':')[0])));
        Assert.All(results.Where(result => !poisons.Contains((int)result["id"]!)), result => Assert.Equal((int)result["id"]! % 5 == 3 ? 1 : 0, (int)result["score"]!));

        // The fleet lives: the same workers score on.
        var (exit, after, errors) = await FleetProcess.RunAsync("score", await WriteAsync(ChaosRows.Lines(200).Where(line => line.Contains(ChaosConfig.Paced, StringComparison.Ordinal))), "--broker", space.Url.ToString(), "--config", config);
        Assert.True(exit == 0, errors);
        Assert.All(after, line => Assert.Contains("\"scored\"", line, StringComparison.Ordinal));
    }

    private async Task<string> WriteAsync(IEnumerable<string> lines)
    {
        var path = _folder.File("after.jsonl");
        await File.WriteAllLinesAsync(path, lines);
        return path;
    }
}
