using System.Globalization;
using System.Text.Json;
using Fleet.Rewards;

namespace Fleet.Benchmarks;

/// <summary>Rows per second and core of the text rules, over labelled cases, against what the reference's single process does.</summary>
/// <remarks>Arguments: the folder with labelled cases (default <c>../shared/conformance</c>), seconds per rule (default 2), and one rule's name (default all).</remarks>
internal static class RulesBenchmark
{
    private const double DefaultSeconds = 2;
    private const int Rounds = 5;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    // Rows per second of the reference in one process, and how many times that is asked for.
    private static readonly (string Rule, string Files, string? QuestionType, double Reference, double Asked)[] Runs =
    [
        ("multiple_choice_boxed", "multiple_choice/cases.jsonl", null, 480_000, 2),
        ("general_val_rule", "general_val/cases.jsonl", null, 427_000, 2),
        ("crossthinkqa", "crossthinkqa/cases.jsonl", null, 68_000, 2),
        ("cv_detection", "detection/synthesised.jsonl", null, 146, 5),
        ("video_r1", "video_r1/cases.jsonl", "OCR", 1_529, 5),
        ("video_r1", "video_r1/cases.jsonl", "free-form", 451, 5),
    ];

    public static int Run(string[] args)
    {
        var folder = args.Length > 0 ? args[0] : Path.Combine("..", "shared", "conformance");
        var seconds = args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : DefaultSeconds;
        Console.WriteLine("| rule | parity | rows | rows/s and core | the reference | times | asked | bytes/row |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        var slow = 0;
        foreach (var (rule, files, questionType, reference, asked) in Runs.Where(run => args.Length < 3 || run.Rule == args[2]))
        {
            var rows = File.ReadLines(Path.Combine(folder, files)).Select(Rollout).Where(row => questionType is null || row.Text("question_type") == questionType).ToArray();
            foreach (var parity in Enum.GetValues<Parity>())
            {
                var (rate, bytes) = Rate(RewardCatalog.Create(rule, new RewardSettings(parity))!, rows, seconds);
                if (rate < reference * asked) slow++;
                var name = questionType is null ? rule : $"{rule}, {questionType}";
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {parity} | {rows.Length} | {rate:N0} | {reference:N0} | {rate / reference:0.0} | {asked:0} | {bytes:N0} |"));
            }
        }

        return slow == 0 ? 0 : 1;
    }

    // Rows per second of processor time, the collector's included: what else runs on the machine takes none of it. The best of some
    // rounds, as neighbours still take caches away.
    private static (double Rate, double Bytes) Rate(IReward rule, Rollout[] rows, double seconds)
    {
        // The compiler optimises in the background, and late on a busy machine.
        for (var end = Environment.CpuUsage.TotalTime + WarmUp; Environment.CpuUsage.TotalTime < end;) Pass(rule, rows);

        var (best, bytes) = (0.0, 0.0);
        for (var round = 0; round < Rounds; round++)
        {
            var (done, start, allocated) = (0L, Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());
            while ((Environment.CpuUsage.TotalTime - start).TotalSeconds < seconds / Rounds)
            {
                Pass(rule, rows);
                done += rows.Length;
            }

            var rate = done / (Environment.CpuUsage.TotalTime - start).TotalSeconds;
            if (rate > best) (best, bytes) = (rate, (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)done);
        }

        return (best, bytes);
    }

    private static void Pass(IReward rule, Rollout[] rows)
    {
        foreach (var row in rows) rule.Score(row, new ScoringContext());
    }

    private static Rollout Rollout(string line)
    {
        var one = JsonDocument.Parse(line).RootElement;
        var tokens = one.TryGetProperty("response_tokens", out var count) && count.ValueKind == JsonValueKind.Number ? count.GetInt32() : (int?)null;
        return new Rollout
        {
            Response = one.GetProperty("response").GetString()!,
            GroundTruth = one.GetProperty("ground_truth").GetString(),
            ResponseTokens = tokens,
            Columns = one.EnumerateObject().Where(member => member.Name is not ("response" or "ground_truth" or "reference" or "correct" or "id")).ToDictionary(member => member.Name, member => member.Value),
        };
    }
}
