using System.Text.Json;
using Fleet.Rewards;
using Fleet.Rewards.Instructions;

namespace Fleet.Benchmarks;

/// <summary>Rows a second on one core for the instruction rules, beside the rates of the Python reference on the same rows.</summary>
internal static class InstructionsBenchmark
{
    // Single process, measured once on the conformance rows.
    private const double ReferenceRollRows = 5255;
    private const double ReferenceOfficialPrompts = 361;

    /// <summary>Runs the benchmark.</summary>
    /// <param name="args">The folder of the labelled cases, <c>../shared/conformance</c> by default.</param>
    /// <returns>0 when each rate is at least five times the reference's, else 1.</returns>
    public static int Run(string[] args)
    {
        var folder = args.Length > 0 ? args[0] : Path.Combine("..", "shared", "conformance");
        if (!Directory.Exists(folder))
        {
            Console.Error.WriteLine($"There is no folder {folder}; name the one that holds the labelled cases.");
            return 2;
        }

        var roll = Rows(folder, "roll_ifeval/gpt4_translated", "roll_ifeval/boundary", "roll_ifeval/edge", "roll_ifeval/roll_ground_truth");
        var official = Rows(folder, "ifeval/gpt4_541", "ifeval/crossed_mutated", "ifeval/edge");
        var good = Report("ROLL's functions", Parity.Roll, roll, ReferenceRollRows);
        good &= Report("ROLL's functions, fixed", Parity.Fixed, roll, ReferenceRollRows);
        good &= Report("official instructions", Parity.Roll, official, ReferenceOfficialPrompts);
        return good ? 0 : 1;
    }

    private static bool Report(string what, Parity parity, List<Rollout> rows, double reference)
    {
        var reward = new InstructionsReward(new RewardSettings(parity));

        // Until the runtime has compiled everything for good.
        for (var spent = 0.0; spent < 5;) spent += ScoreAll(reward, rows);

        var best = Enumerable.Range(0, 10).Min(_ => ScoreAll(reward, rows));
        var rate = rows.Count / best;
        Console.WriteLine($"{what}: {rate:F0} rows/s on one core, {rate / reference:F1} times the reference's {reference:F0}");
        return rate >= 5 * reference;
    }

    private static double ScoreAll(InstructionsReward reward, List<Rollout> rows)
    {
        // Processor time: what other processes do on the machine is not ours.
        var start = Environment.CpuUsage.TotalTime;
        foreach (var row in rows) reward.Score(row, new ScoringContext());
        return (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    }

    private static List<Rollout> Rows(string folder, params string[] files) =>
    [
        .. files
            .SelectMany(file => File.ReadLines(Path.Combine(folder, $"{file}.jsonl")))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Select(row => new Rollout { Response = row.GetProperty("response").GetString()!, GroundTruth = GroundTruth(row) }),
    ];

    private static string GroundTruth(JsonElement row) => row.TryGetProperty("ground_truth", out var text)
        ? text.GetString()!
        : $"{{\"instruction_id_list\":{row.GetProperty("instruction_id_list").GetRawText()},\"kwargs\":{row.GetProperty("kwargs").GetRawText()}}}";
}
