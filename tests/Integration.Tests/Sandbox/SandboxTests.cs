using System.Diagnostics;
using System.Text.Json;
using Fleet.Rewards;
using Fleet.Worker.Sandbox;

namespace Fleet.Integration.Tests.Sandbox;

/// <summary>The sandbox on the machine's own engine. Without one these tests fail and say what to do.</summary>
[Collection(SlotsCollection.Name)]
public sealed class SandboxTests : IAsyncLifetime
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("FLEET_LONG") == "1";

    private readonly DockerSandbox _sandbox = new(new SandboxOptions { Slots = 2, EnginePatienceSeconds = 5 }, TimeProvider.System);
    private readonly CodeScorer _scorer;

    public SandboxTests() => _scorer = new CodeScorer(_sandbox);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    // Each kind of test meets all hacks; further forms of a kind every third of them, in the long run all.
    public static TheoryData<string, string, int> Judges => new()
    {
        { "assert", Hacks.AssertCode, 1 }, { "check_based", Hacks.CheckCode, 1 }, { "pytest", Hacks.PytestCode, 1 }, { "pytest", Hacks.UnitTestCode, 3 },
        { "assert", Hacks.IterationCode, 3 }, { "assert", Hacks.ModuleCode, 3 },
    };

    [Theory]
    [MemberData(nameof(Judges))]
    public async Task No_hack_passes_and_the_solution_does(string caseType, string code, int each)
    {
        var hacks = Hacks.Python.Where((_, index) => IsLong || index % each == code.Length % each);
        var rows = hacks.Select(hack => (Key: hack.Key, Wanted: 0.0, Row: Rows.Tested(hack.Value, caseType, code))).Append((Key: "the solution", Wanted: 1.0, Row: Rows.Tested(Hacks.Solution, caseType, code))).ToList();
        var outcomes = await Task.WhenAll(rows.Select(row => _scorer.ScoreAsync(row.Row, RewardSettings.Default, TestContext.Current.CancellationToken)));
        var wrong = rows.Zip(outcomes).Where(pair => pair.Second.Score?.Score != pair.First.Wanted).Select(pair => $"{pair.First.Key}: {pair.Second.Score?.Score} {pair.Second.Score?.Reason} {pair.Second.Failure?.Message}");
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Attacks_between_honest_samples_change_nothing()
    {
        var count = IsLong ? 2_000 : Math.Max(60, Attacks.Python.Count);
        var random = new Random(20_240_601);
        var before = Footprint.Take();
        var rows = Enumerable.Range(0, 2 * count).Select(n => n < count
            ? (Name: Attacks.Python.Keys.ElementAt(n % Attacks.Python.Count), Row: Rows.Attack(Attacks.Python.Values.ElementAt(n % Attacks.Python.Count)), Honest: false)
            : (Name: $"honest {n}", Row: Rows.Honest(n), Honest: true)).ToArray();
        random.Shuffle(rows);

        var wrong = new List<string>();
        await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = TestContext.Current.CancellationToken }, async (row, cancel) =>
        {
            var outcome = await _scorer.ScoreAsync(row.Row, RewardSettings.Default, cancel);
            if (outcome.Score?.Score != (row.Honest ? 1.0 : 0.0)) lock (wrong) wrong.Add($"{row.Name}: {outcome.Score?.Score} {outcome.Score?.Reason} {outcome.Failure?.Message}");
        });
        Assert.Empty(wrong);
        // Those beside attacks that last came with them.
        Assert.InRange(_sandbox.RunningSlots, 2, 8);

        await _sandbox.DisposeAsync();
        Assert.Null(Footprint.Take().WhatIsMoreThan(before));
    }

    [Fact]
    public async Task Rows_of_a_group_run_in_order_on_one_slot()
    {
        var rows = Enumerable.Range(0, 12).Select(n => Rows.Honest(n, group: "one")).ToList();
        var outcomes = await Task.WhenAll(rows.Select(row => _scorer.ScoreAsync(row, RewardSettings.Default, TestContext.Current.CancellationToken)));
        Assert.All(outcomes, outcome => Assert.Equal(1, outcome.Score!.Score));
        Assert.Single(outcomes.Select(outcome => outcome.Score!.Detail!["slot"]!.GetValue<string>()).Distinct());
    }

    [Fact]
    public async Task Every_limit_is_hit_for_its_own_reason()
    {
        var programs = new Dictionary<string, string>
        {
            ["time_limit"] = "while True: pass",
            ["memory_limit"] = "x = b'x' * (1 << 30)",
            ["output_limit"] = "while True: print('x' * 1000)",
            ["runtime_error"] = "raise ValueError('v')",
            ["wrong_answer"] = "print('something else')",
        };
        foreach (var (reason, program) in programs)
        {
            var outcome = await _scorer.ScoreAsync(Rows.Attack(program), RewardSettings.Default, TestContext.Current.CancellationToken);
            Assert.Equal((0.0, reason), (outcome.Score!.Score, outcome.Score.Reason.Code));
        }
    }

    [Fact]
    public async Task A_program_that_others_keep_from_the_processor_is_not_out_of_time()
    {
        var busy = Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => Process.Start("sh", ["-c", "while :; do :; done"])).ToList();
        try
        {
            // More than half of its limit on the processor, which it has to share with several others.
            var slow = _scorer.ScoreAsync(Rows.Limited("import time\nwhile time.process_time() < 0.6: pass\nprint('done')", "done"), RewardSettings.Default, TestContext.Current.CancellationToken);
            var endless = _scorer.ScoreAsync(Rows.Limited("while True: pass", "done"), RewardSettings.Default, TestContext.Current.CancellationToken);
            Assert.Equal("correct", (await slow).Score?.Reason.Code);
            Assert.Equal("time_limit", (await endless).Score?.Reason.Code);
        }
        finally
        {
            foreach (var process in busy)
            {
                process.Kill();
                process.Dispose();
            }
        }
    }

    [Fact]
    public async Task Slots_come_with_the_load_and_go_with_it()
    {
        await using var sandbox = new DockerSandbox(new SandboxOptions { Slots = 3, IdleSlots = 1, IdleSeconds = 1 }, TimeProvider.System);
        var scorer = new CodeScorer(sandbox);
        Assert.Equal(0, sandbox.RunningSlots);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => scorer.ScoreAsync(Rows.Limited("import time\ntime.sleep(0.5)\nprint('done')", "done"), RewardSettings.Default, TestContext.Current.CancellationToken)));
        Assert.All(outcomes, outcome => Assert.Equal(1, outcome.Score?.Score));
        Assert.Equal(3, outcomes.Select(outcome => (string)outcome.Score!.Detail!["slot"]!).Distinct().Count());

        for (var tries = 0; tries < 100 && sandbox.RunningSlots > 1; tries++) await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(1, sandbox.RunningSlots);
        var later = await scorer.ScoreAsync(Rows.Honest(1), RewardSettings.Default, TestContext.Current.CancellationToken);
        Assert.Equal(1, later.Score?.Score);
    }

    [Fact]
    public async Task Behind_programs_that_last_the_others_go_on()
    {
        await using var sandbox = new DockerSandbox(new SandboxOptions { Slots = 1 }, TimeProvider.System);
        var scorer = new CodeScorer(sandbox);
        var cancel = TestContext.Current.CancellationToken;
        // The one slot is taken when the second row comes, and is for longer than that one can wait.
        var lasting = scorer.ScoreAsync(Rows.Limited("import time\ntime.sleep(100)", "done", seconds: 100), RewardSettings.Default, CancellationToken.None);
        var quick = scorer.ScoreAsync(Rows.Honest(1), RewardSettings.Default, cancel);

        Assert.Same(quick, await Task.WhenAny(lasting, quick));
        Assert.Equal(1, (await quick).Score?.Score);
        // The stand-in, and the one that was started ahead for the next.
        Assert.InRange(sandbox.RunningSlots, 2, 3);
    }

    [Fact]
    public async Task The_attached_transport_does_what_the_socket_does()
    {
        await using var attached = new DockerSandbox(new SandboxOptions { Slots = 1, Transport = SlotTransport.Attach }, TimeProvider.System);
        var scorer = new CodeScorer(attached);
        foreach (var (row, wanted) in new[] { (Rows.Honest(1), 1.0), (Rows.Attack(Attacks.Python["output without end"]), 0.0), (Rows.Tested(Hacks.Solution, "assert", Hacks.AssertCode), 1.0), (Rows.Large(), 1.0) })
        {
            var outcome = await scorer.ScoreAsync(row, RewardSettings.Default, TestContext.Current.CancellationToken);
            Assert.True(outcome.Score?.Score == wanted, $"{outcome.Score?.Reason} {outcome.Failure?.Message}");
        }
    }

    [Fact]
    public async Task A_row_for_a_language_that_the_image_lacks_fails_and_is_not_scored()
    {
        if ((await Docker("run", "--rm", "--network", "none", "fleet/sandbox:bookworm", "sh", "-c", "command -v javac || true")).Length > 0) Assert.Skip("The image has Java.");
        var outcome = await _scorer.ScoreAsync(Rows.Java(), RewardSettings.Default, TestContext.Current.CancellationToken);
        Assert.Null(outcome.Score);
        Assert.Contains("--java", outcome.Failure!.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Slots_of_a_worker_that_is_gone_are_swept_and_others_left_alone()
    {
        using var gone = Process.Start("true");
        await gone.WaitForExitAsync(TestContext.Current.CancellationToken);
        var dead = SlotOwner.Self with { Process = gone.Id, Started = "1" };
        var orphan = await Docker("run", "-d", "--rm", "--label", "fleet.sandbox=1", "--label", $"fleet.sandbox.owner={dead}", "fleet/sandbox:bookworm", "sleep", "600");
        var foreign = await Docker("run", "-d", "--rm", "--label", "fleet.sandbox=1", "--label", $"fleet.sandbox.owner={dead with { Machine = "elsewhere" }}", "fleet/sandbox:bookworm", "sleep", "600");
        try
        {
            await _sandbox.SweepAsync(TestContext.Current.CancellationToken);
            var left = await Docker("ps", "-q", "--no-trunc");
            Assert.DoesNotContain(orphan, left, StringComparison.Ordinal);
            Assert.Contains(foreign, left, StringComparison.Ordinal);
        }
        finally
        {
            await Docker("rm", "-f", foreign);
        }
    }

    private static async Task<string> Docker(params string[] arguments)
    {
        using var docker = Process.Start(new ProcessStartInfo("docker", arguments) { RedirectStandardOutput = true })!;
        var said = await docker.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await docker.WaitForExitAsync(TestContext.Current.CancellationToken);
        return said.Trim();
    }
}

/// <summary>Rows for the tests of the sandbox.</summary>
internal static class Rows
{
    public static Rollout Honest(int number, string group = "") =>
        Row($"print(int(input()) + {number})", ("test_cases", new[] { new { stdin = "41\n", expected_stdout = $"{41 + number}\n" } }), ("flaky", true), ("sandbox_group", group));

    public static Rollout Attack(string program) => Row(program,
        ("test_cases", new[] { new { stdin = "", expected_stdout = "won\n" } }), ("flaky", true), ("limits", new { time_s = 1, memory_mb = 256 }));

    public static Rollout Limited(string program, string expected, double seconds = 1) => Row(program,
        ("test_cases", new[] { new { stdin = "", expected_stdout = expected } }), ("flaky", true), ("limits", new { time_s = seconds, memory_mb = 256 }));

    public static Rollout Tested(string solution, string caseType, string code) => Row(solution,
        ("case_type", caseType), ("test_cases", new[] { new { assert_code = code, entry_point = caseType == "check_based" ? "twice" : "" } }), ("limits", new { time_s = 2, memory_mb = 256 }));

    public static Rollout Called(string program, string function, string arguments, string expected) => Row(program,
        ("test_case_function", function), ("test_cases", new[] { new { stdin = arguments, expected_stdout = expected } }));

    public static Rollout Java() => Row("public class Main { public static void main(String[] a) { System.out.println(7); } }",
        ("language", "java"), ("test_cases", new[] { new { stdin = "", expected_stdout = "7" } }));

    /// <summary>More than any pipe or frame buffer holds, both ways.</summary>
    public static Rollout Large()
    {
        var text = string.Concat(Enumerable.Repeat("0123456789", 100_000));
        return Row("print(input())", ("test_cases", new[] { new { stdin = text, expected_stdout = text } }), ("flaky", true));
    }

    private static Rollout Row(string program, params (string Name, object Value)[] columns) => new()
    {
        Response = $"```{(columns.Any(column => column.Name == "language") ? "" : "python")}\n{program}\n```",
        Columns = columns.ToDictionary(column => column.Name, column => JsonSerializer.SerializeToElement(column.Value)),
    };
}
