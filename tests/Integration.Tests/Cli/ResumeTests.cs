using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.Integration.Tests.Cli;

/// <summary>A run that was killed goes on where it ended.</summary>
public sealed class ResumeTests : IDisposable
{
    private const int Rows = 20_000;

    private static readonly int Kills = Environment.GetEnvironmentVariable("FLEET_LONG") == "1" ? 20 : 2;

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet").FullName;

    private string Input => Path.Combine(_folder, "rows.jsonl");

    private string Output => Path.Combine(_folder, "out.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Killed_at_any_moment_and_resumed_the_output_is_a_calm_runs()
    {
        await File.WriteAllLinesAsync(Input, Enumerable.Range(0, Rows).Select(Line));
        var (_, calm, _) = await FleetProcess.RunAsync("score", Input, "--max-unscored", "100");
        var random = new Random(20);
        for (var kill = 0; kill < Kills; kill++)
        {
            var until = random.Next(1, calm.Sum(line => line.Length) * 9 / 10);
            await using var score = FleetProcess.Start("score", Input, "-o", Output, "--resume", "--max-unscored", "100");
            await WrittenAsync(score, until);
            score.Kill();
            await score.ExitAsync();
        }

        var (exit, _, errors) = await FleetProcess.RunAsync("score", Input, "-o", Output, "--resume", "--max-unscored", "100");

        Assert.True(exit == 0, errors);
        Assert.Equal(calm.Select(Verdict), (await File.ReadAllLinesAsync(Output)).Select(Verdict));
        Assert.Equal([Input, Output], Directory.GetFiles(_folder).Order(StringComparer.Ordinal).Reverse());
    }

    [Fact]
    public async Task Rows_that_were_done_behind_an_open_one_are_not_scored_again()
    {
        using var noted = new NotedFolder(slots: 2);
        string[] behind = [.. Enumerable.Range(1, 300).Select(row => $"answer {row}")];
        var (input, output) = (noted.Rows([NotedRewardWorker.Held, .. behind]), noted.Path("out.jsonl"));
        string[] command = ["score", input, "-o", output, "--config", noted.Config, "--resume"];
        await using (var score = FleetProcess.Start(command))
        {
            await noted.WaitAsync(() => File.Exists(output + ".journal") && File.ReadLines(output + ".journal").Count() == behind.Length);
            score.Kill();
            await score.ExitAsync();
        }

        noted.Open();
        var (exit, _, errors) = await FleetProcess.RunAsync(command);

        Assert.True(exit == 0, errors);
        Assert.Equal(Enumerable.Range(0, 301), (await File.ReadAllLinesAsync(output)).Select(line => (int)JsonNode.Parse(line)!["id"]!));
        Assert.Equal(behind.Order(StringComparer.Ordinal), noted.Notes.Where(response => response != NotedRewardWorker.Held).Order(StringComparer.Ordinal));
        Assert.False(File.Exists(output + ".journal"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"id\": 1, \"domain\": \"multiple_choi")]
    [InlineData("\0\0\0\0")]
    public async Task What_stands_is_kept_and_what_failed_is_scored_whatever_the_last_line_looks_like(string last)
    {
        await File.WriteAllLinesAsync(Input, Enumerable.Range(0, 4).Select(Line));
        var kept = """{"id":0,"domain":"multiple_choice_boxed","status":"scored","cause":"response","score":0.25,"reward":0.125,"reason":"kept","detail":{"a":[1.50]},"rank":7,"ms":3.5}""";
        await File.WriteAllTextAsync(Output, $$"""
            {{kept}}
            {"id":1,"status":"failed","reason":"lost"}
            {"id":2,"status":"timed_out","reason":"late"}
            {{last}}
            """);

        var (exit, _, errors) = await FleetProcess.RunAsync("score", Input, "-o", Output, "--resume");

        Assert.True(exit == 0, errors);
        var lines = await File.ReadAllLinesAsync(Output);
        Assert.Equal(kept, lines[0]);
        Assert.Equal(["scored", "scored", "scored", "scored"], lines.Select(line => (string?)JsonNode.Parse(line)!["status"]));
        Assert.Equal([0, 1, 2, 3], lines.Select(line => (int)JsonNode.Parse(line)!["id"]!));
    }

    [Fact]
    public async Task Results_of_another_input_are_refused_and_left_alone()
    {
        await File.WriteAllLinesAsync(Input, Enumerable.Range(0, 4).Select(Line));
        const string foreign = """{"id":"other","status":"scored","score":1,"reward":1,"reason":"x"}""";
        await File.WriteAllTextAsync(Output, foreign);

        var (exit, _, errors) = await FleetProcess.RunAsync("score", Input, "-o", Output, "--resume");

        Assert.Equal(2, exit);
        Assert.Contains("holds results of another input", errors, StringComparison.Ordinal);
        Assert.Equal(foreign, await File.ReadAllTextAsync(Output));
    }

    [Fact]
    public async Task Resuming_needs_a_file()
    {
        await File.WriteAllLinesAsync(Input, [Line(0)]);
        var (exit, _, errors) = await FleetProcess.RunAsync("score", Input, "--resume");
        Assert.NotEqual(0, exit);
        Assert.Contains("--output FILE", errors, StringComparison.Ordinal);
    }

    private async Task WrittenAsync(FleetProcess score, int bytes)
    {
        // The file that grows tells how far the run is; a run that is done before is as good.
        using var watcher = new FileSystemWatcher(_folder) { NotifyFilter = NotifyFilters.Size | NotifyFilters.FileName, EnableRaisingEvents = true };
        using var grown = new SemaphoreSlim(0);
        watcher.Changed += (_, _) => grown.Release();
        watcher.Created += (_, _) => grown.Release();
        var exit = score.ExitAsync();
        while (Size(Output + ".resume") + (File.Exists(Output + ".resume") ? 0 : Size(Output)) < bytes && await Task.WhenAny(exit, grown.WaitAsync()) != exit)
        {
        }
    }

    private static long Size(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    private static string Line(int row) => JsonSerializer.Serialize(new
    {
        id = row,
        domain = "multiple_choice_boxed",
        response = $"Because of {row}, \\boxed{{{(char)('A' + (row % 4))}}}",
        ground_truth = "B",
    });

    private static string Verdict(string line)
    {
        var result = JsonNode.Parse(line)!.AsObject();
        Assert.True(result.Remove("rank") && result.Remove("ms"));
        return result.ToJsonString();
    }
}
