using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Fleet.Rewards;
using Fleet.Rewards.Math;

namespace Fleet.Benchmarks;

/// <summary>Responses per second and core over labelled responses, with the ratio to the reference, in process and with a process per sample.</summary>
internal static class MathBenchmark
{
    private const int Rounds = 3;

    /// <summary>Samples per second of the reference: in one process, and with a process per sample; lowest and highest measured.</summary>
    private static readonly (double Low, double High) InProcess = (245, 800);

    private static readonly (double Low, double High) ProcessEach = (21, 34);

    public static int Run(string[] args)
    {
        var folder = Environment.GetEnvironmentVariable("FLEET_CONFORMANCE") is { Length: > 0 } set ? set : Path.Combine("..", "shared", "conformance");
        if (args is ["worst"])
        {
            MathWorstCases.Run();
            return 0;
        }

        string[] files = args.Length > 0 ? args : ["responses_math", "responses_gsm8k", "responses_competition", "responses_think"];
        Console.WriteLine("file                    responses  responses/s/core  p50 ms  p99 ms  max ms  x in process  x process each");
        foreach (var file in files)
        {
            var path = Path.Combine(folder, "math", file + ".jsonl");
            if (!File.Exists(path))
            {
                Console.Error.WriteLine($"No labelled cases at {path}; set FLEET_CONFORMANCE to the folder that holds them.");
                return 1;
            }

            Measure(file, [.. File.ReadLines(path).Where(l => l.Length > 0).Select(Row)]);
        }

        if (args.Length == 0) MathWorstCases.Run();
        return 0;
    }

    private static Rollout Row(string line)
    {
        using var json = JsonDocument.Parse(line);
        return new Rollout { Response = json.RootElement.GetProperty("pred").GetString()!, GroundTruth = json.RootElement.GetProperty("gold").GetString() };
    }

    // The first round warms up. Rates count processor time, so that other load on the machine does not; single rows are timed by the wall.
    private static void Measure(string file, Rollout[] rows)
    {
        var reward = new MathReward(RewardSettings.Default);
        var best = double.MaxValue;
        var times = new double[rows.Length];
        Array.Fill(times, double.MaxValue);
        for (var round = 0; round <= Rounds; round++)
        {
            GC.Collect();
            var before = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < rows.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                reward.Score(rows[i], new ScoringContext());
                if (round > 0) times[i] = Math.Min(times[i], Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            if (round > 0) best = Math.Min(best, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        }

        Array.Sort(times);
        var rate = rows.Length / best;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{file,-22}  {rows.Length,9}  {rate,16:N0}  {times[rows.Length / 2],6:F3}  {times[(int)(rows.Length * 0.99)],6:F3}  {times[^1],6:F2}  {rate / InProcess.High,4:F0} to {rate / InProcess.Low,-4:F0}  {rate / ProcessEach.High,5:F0} to {rate / ProcessEach.Low,-5:F0}"));
    }
}
