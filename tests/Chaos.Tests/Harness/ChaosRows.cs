using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Integration.Tests.Cli;

namespace Fleet.Chaos.Tests.Harness;

/// <summary>The rows of the faults, and what a calm run makes of them.</summary>
internal static class ChaosRows
{
    private static readonly SemaphoreSlim Once = new(1);
    private static string[] _calm = [];

    /// <summary>Row i, always the same: most are of the slow worker, some of rules, and a few of no domain at all.</summary>
    public static string Line(int i) => JsonSerializer.Serialize(new
    {
        id = i,
        domain = i % 97 == 13 ? "no_such_domain" : (i % 10) switch { 3 => ChaosConfig.Choice, 7 => ChaosConfig.Math, _ => ChaosConfig.Paced },
        response = (i % 10) switch { 3 => $"Because of {i}, \\boxed{{{(char)('A' + (i % 4))}}}", 7 => $"So it is \\boxed{{{i % 40}/{1 + (i % 7)}}}.", _ => $"answer {i % 5}" },
        ground_truth = (i % 10) switch { 3 => "B", 7 => $"{i % 13}", _ => "answer 3" },
    });

    public static string[] Lines(int count) => [.. Enumerable.Range(0, count).Select(Line)];

    /// <summary>The verdicts of the first rows in a run in one process without any fault.</summary>
    public static async Task<string[]> CalmAsync(int count)
    {
        await Once.WaitAsync();
        try
        {
            if (_calm.Length < count) _calm = await ScoreCalmlyAsync(Lines(Math.Max(count, Length.Of(4_000, 90_000))));
            return _calm[..count];
        }
        finally
        {
            Once.Release();
        }
    }

    /// <summary>The verdicts of rows in a run in one process without any fault.</summary>
    public static async Task<string[]> ScoreCalmlyAsync(string[] lines, string? config = null)
    {
        using var folder = new TestFolder();
        var file = folder.File("calm.jsonl");
        await File.WriteAllLinesAsync(file, lines);
        var (exit, output, errors) = await FleetProcess.RunAsync("score", file, "--config", config ?? ChaosConfig.Write(folder.Path, delayMs: 0), "--max-unscored", "100");
        Assert.True(exit == 0, errors);
        Assert.Equal(lines.Length, output.Length);
        return [.. output.Select(Verdict)];
    }

    /// <summary>A result without what may differ from run to run: who scored it and how long it took.</summary>
    public static string Verdict(string line)
    {
        var result = JsonNode.Parse(line)!.AsObject();
        Assert.True(result.Remove("rank") && result.Remove("ms"), line);
        return result.ToJsonString();
    }

    /// <summary>Every row once, in order, with the verdict of the calm run.</summary>
    public static void AssertCalm(string[] calm, IReadOnlyList<string> output)
    {
        var differing = Enumerable.Range(0, Math.Min(calm.Length, output.Count)).Where(i => Verdict(output[i]) != calm[i]).Take(3).Select(i => $"row {i}: {output[i]} instead of {calm[i]}").ToList();
        Assert.True(differing.Count == 0, string.Join('\n', differing));
        Assert.Equal(calm.Length, output.Count);
    }
}

/// <summary>A folder that goes with its test.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("fleet-chaos").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
