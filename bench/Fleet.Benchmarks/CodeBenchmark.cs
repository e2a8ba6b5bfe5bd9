using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Fleet.Rewards;
using Fleet.Worker.Sandbox;

namespace Fleet.Benchmarks;

/// <summary>Samples per second of the code sandbox, against other ways to run them, all in the same rounds on two slots.</summary>
/// <remarks>
/// The samples are HumanEval's reference solutions with their tests, from the labelled cases when those are there, else
/// small functions made here. Each way runs as many as are worth waiting for; the median of five rounds counts.
/// </remarks>
internal static class CodeBenchmark
{
    private const int Rounds = 5;
    private const int Slots = 2;

    // The fleet's rounds are short, and one sample of HumanEval takes longer than forty others: several times over, so that
    // it does not matter much which slot gets it last. The others' rounds are long enough.
    private const int Times = 4;

    private const string Image = "fleet/sandbox:bookworm";

    public static async Task<int> Run(string[] args)
    {
        var samples = Samples();
        Console.WriteLine($"{samples.Count} samples, {Slots} slots, median of {Rounds} rounds");
        await using var sandbox = new DockerSandbox(new SandboxOptions { Slots = Slots }, TimeProvider.System);
        var ways = new (string Name, int Count, Func<IReadOnlyList<Sample>, Task<double>> Run)[]
        {
            ("fleet, solution and tests apart", Times * samples.Count, some => Timed(() => Fleet(sandbox, some))),
            ("a manager and a process per sample, no sandbox (ROLL's way)", samples.Count, ManagerAndProcess),
            ("docker exec per sample", 12, DockerExec),
            ("docker run per sample", 4, some => Timed(() => DockerRun(some))),
        };
        var seconds = ways.Select(_ => new List<double>()).ToArray();
        await Fleet(sandbox, samples);
        for (var round = 0; round < Rounds; round++)
        {
            for (var way = 0; way < ways.Length; way++)
            {
                if (args.Contains("quick") && way > 1) continue;
                var some = Enumerable.Range(0, ways[way].Count).Select(n => samples[n % samples.Count]).ToList();
                seconds[way].Add(await ways[way].Run(some) / some.Count);
            }
        }

        var fleet = Median(seconds[0]);
        for (var way = 0; way < ways.Length; way++)
        {
            if (seconds[way].Count == 0) continue;
            var each = Median(seconds[way]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ways[way].Name,-62} {1 / each,8:0.0} samples/s   fleet is {each / fleet,6:0.0} times as fast"));
        }

        return 0;
    }

    private static async Task<double> Timed(Func<Task> run)
    {
        var started = Stopwatch.GetTimestamp();
        await run();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed record Sample(string Program, string Check, string EntryPoint)
    {
        /// <summary>Solution and tests in one program, as everybody but the fleet runs them.</summary>
        public string Whole => $"{Program}\n\n{Check}\n\ncheck({EntryPoint})\n";
    }

    private static List<Sample> Samples()
    {
        var folder = Environment.GetEnvironmentVariable("FLEET_CONFORMANCE") ?? "../shared/conformance";
        var path = Path.Combine(folder, "code", "humaneval.jsonl");
        if (!File.Exists(path))
            return [.. Enumerable.Range(0, 60).Select(n => new Sample($"def add(x):\n    return x + {n}", $"def check(candidate):\n    for x in range(5):\n        assert candidate(x) == x + {n}", "add"))];

        return [.. File.ReadLines(path).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(one => one.GetProperty("category").GetString() == "canonical" && one.GetProperty("case_type").GetString() == "check_based")
            .Select(one => new Sample(
                Rewards.Code.CodeBlocks.Find(one.GetProperty("response").GetString()!, null, "", callsNames: true).Text,
                one.GetProperty("test_cases")[0].GetProperty("assert_code").GetString()!,
                one.GetProperty("test_cases")[0].GetProperty("entry_point").GetString()!))];
    }

    private static async Task Fleet(DockerSandbox sandbox, IReadOnlyList<Sample> samples)
    {
        var scorer = new CodeScorer(sandbox);
        var outcomes = await Task.WhenAll(samples.Select(sample => scorer.ScoreAsync(Row(sample), RewardSettings.Default, CancellationToken.None)));
        var right = outcomes.Count(outcome => outcome.Score?.Score == 1);
        if (right < samples.Count) throw new InvalidOperationException($"Only {right} of {samples.Count} samples passed.");
    }

    private static Rollout Row(Sample sample) => new()
    {
        Response = $"```python\n{sample.Program}\n```",
        Columns = new Dictionary<string, JsonElement>
        {
            ["case_type"] = JsonSerializer.SerializeToElement("check_based"),
            ["test_cases"] = JsonSerializer.SerializeToElement(new[] { new { assert_code = sample.Check, entry_point = sample.EntryPoint } }),
            ["flaky"] = JsonSerializer.SerializeToElement(true),
        },
    };

    // With the image's Python, which has what the reference's modules import, but without any of the sandbox's restrictions;
    // each of the two takes its own time, from when it has read its programs.
    private static async Task<double> ManagerAndProcess(IReadOnlyList<Sample> samples)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Baselines");
        var taken = await Task.WhenAll(Enumerable.Range(0, Slots).Select(worker => Output(
            "docker",
            ["run", "-i", "--rm", "--network", "none", "--security-opt", "seccomp=unconfined", "-v", $"{folder}:/baselines:ro", Image, "python3", "/baselines/manager_process.py"],
            JsonSerializer.Serialize(samples.Where((_, index) => index % Slots == worker).Select(sample => sample.Whole)) + "\n")));
        return taken.Max(one => double.Parse(one, CultureInfo.InvariantCulture));
    }

    private static async Task<double> DockerExec(IReadOnlyList<Sample> samples)
    {
        var container = (await Output("docker", ["run", "-d", "--rm", "--network", "none", Image, "sleep", "600"], "")).Trim();
        var seconds = await Timed(() => Parallel.ForEachAsync(samples, new ParallelOptions { MaxDegreeOfParallelism = Slots },
            async (sample, _) => await Output("docker", ["exec", "-i", container, "python3", "-"], sample.Whole)));
        await Output("docker", ["rm", "-f", container], "");
        return seconds;
    }

    private static Task DockerRun(IReadOnlyList<Sample> samples) => Parallel.ForEachAsync(samples, new ParallelOptions { MaxDegreeOfParallelism = Slots },
        async (sample, _) => await Output("docker", ["run", "-i", "--rm", "--network", "none", Image, "python3", "-"], sample.Whole));

    private static async Task<string> Output(string program, IReadOnlyList<string> arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{program} ended with status {process.ExitCode}.");
    }
}
