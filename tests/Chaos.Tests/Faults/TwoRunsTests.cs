using Fleet.Chaos.Tests.Harness;
using Fleet.Integration.Tests.Cli;

namespace Fleet.Chaos.Tests.Faults;

/// <summary>Two dispatchers with two configurations on one fleet at the same time.</summary>
public sealed class TwoRunsTests(ChaosBroker broker) : IDisposable
{
    private const string Fault = "two runs on one fleet";
    private static readonly int Rows = Length.Of(2_000, 20_000);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_runs_at_once_get_what_each_gets_alone()
    {
        _ = Length.Random(Fault);
        var lines = Enumerable.Range(0, Rows).Select(Line).ToArray();
        string[] configs = [ChaosConfig.Write(_folder.Path, 1, 64, more: "parity: fixed"), ChaosConfig.Write(_folder.Path, 1, 64, more: "parity: roll")];
        var alone = new[] { await ChaosRows.ScoreCalmlyAsync(lines, configs[0]), await ChaosRows.ScoreCalmlyAsync(lines, configs[1]) };
        var differing = alone[0].Zip(alone[1]).Count(pair => pair.First != pair.Second);
        Assert.True(differing > Rows / 10, $"The two configurations differ in {differing} rows only.");
        var input = _folder.File("rows.jsonl");
        await File.WriteAllLinesAsync(input, lines);
        await using var space = await broker.OpenSpaceAsync();
        await using var workers = await WorkerProcesses.StartAsync(2, space.Url, configs[0]);

        var together = await Task.WhenAll(configs.Select(config => FleetProcess.RunAsync("score", input, "--broker", space.Url.ToString(), "--config", config, "--max-unscored", "100")));

        for (var run = 0; run < 2; run++)
        {
            Assert.True(together[run].ExitCode == 0, together[run].Errors);
            ChaosRows.AssertCalm(alone[run], together[run].Output);
        }

        ChaosReport.Add(Fault, "rows of each, and how many the two configurations score differently", $"{Rows:N0}, {differing:N0}; each equal to its run alone");
    }

    // Answers that the two parities score differently, among others.
    private static string Line(int i) => (i % 3) switch
    {
        0 => $$$"""{"id":{{{i}}},"domain":"math_rule","response":"<think>x</think> It is $\\boxed{{{{i % 50}}}.0}$.","ground_truth":"{{{i % 50}}}"}""",
        1 => $$"""{"id":{{i}},"domain":"multiple_choice_boxed","response":"The answer is {{(char)('A' + (i % 4))}}.","ground_truth":"B"}""",
        _ => ChaosRows.Line(i),
    };
}
