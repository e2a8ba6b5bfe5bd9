using System.Text;
using Fleet.Rewards;
using Fleet.Rewards.Instructions;

namespace Fleet.Conformance.Tests;

/// <summary>Mutated rows: no exception, always a score or a reason, and never more than 100 ms.</summary>
public sealed class InstructionsFuzzTests
{
    private const double MostMilliseconds = 100;

    private static readonly string[] Pieces =
    [
        "\n", "\n\n", "\r\n", "* * *", "***", "******", "- ", "* ", "**", "<<", ">>", "[", "]", "{", "}", "\"", "'", "''", "``", ". ", "! ", "? ",
        "...", ". . .", "P.S.", "p. p. s", "Mr. ", "e.g. ", "3. ", "--", ",", ":", "\u0130", "\u0131", "\u017f", "\u212a", "\u03a3", "\u00df", "\ufb01",
        "\u0301", "\u200b", "\u00a0", "\u001c", "\u0085", "\u2028", "\ud83d\ude00", "\ud800", "\udc00", "\ud835\udc00", "</think>", "<think>", "<|im_end|>",
        "http://a.b/c", "a@b.c", "```json", "```", "null", "NaN", "-Infinity", "1e5", "\\u12", "\u4e2d\u6587", "\u3042", "\uac00", "cannot", "gonna", "'tis",
    ];

    [Fact]
    public void Mutated_rows_never_raise_and_never_take_long()
    {
        var isLong = Environment.GetEnvironmentVariable("FLEET_LONG") == "1";
        var rows = Rows();
        var rewards = new[] { new InstructionsReward(new RewardSettings(Parity.Fixed)), new InstructionsReward(new RewardSettings(Parity.Roll)) };
        var slowest = (Milliseconds: 0.0, What: "");
        var count = isLong ? 1_000_000 : 20_000;
        for (var i = 0; i < count; i++)
        {
            var random = new Random(i);
            var (response, groundTruth) = rows[random.Next(rows.Count)];
            var rollout = new Rollout
            {
                Response = Mutated(random.Next(4) == 0 ? rows[random.Next(rows.Count)].Response : response, random),
                GroundTruth = random.Next(3) == 0 ? Mutated(groundTruth, random) : groundTruth,
            };
            var reward = rewards[i & 1];
            var context = new ScoringContext { Explanation = i % 16 == 0 ? new Explanation() : null };
            var milliseconds = ThreadTime.Milliseconds(() => Check(reward.Score(rollout, context), i));

            // Compiling and loading count once: what took long is measured again.
            if (milliseconds > MostMilliseconds) milliseconds = Enumerable.Range(0, 3).Min(_ => ThreadTime.Milliseconds(() => reward.Score(rollout, new ScoringContext())));
            if (milliseconds > slowest.Milliseconds) slowest = (milliseconds, $"row {i}, {rollout.Response.Length} characters, {rollout.GroundTruth}");
        }

        Assert.True(slowest.Milliseconds <= MostMilliseconds, $"{slowest.Milliseconds:F0} ms: {slowest.What}");
    }

    private static void Check(RewardScore result, int row)
    {
        Assert.False(string.IsNullOrEmpty(result.Reason.Code), $"row {row} has no reason");
        if (result.IsScored) Assert.True(result.Score is 0 or 1 && result.Reward is >= -0.5 and <= 1, $"row {row}: {result.Score}, {result.Reward}");
        _ = result.Detail?.ToJsonString();
    }

    private static List<(string Response, string GroundTruth)> Rows()
    {
        var rows = new List<(string, string)>();
        foreach (var file in (string[])["roll_ifeval/boundary", "roll_ifeval/edge", "ifeval/edge", "ifeval/crossed_mutated"])
        {
            foreach (var row in LabelledCases.Read($"{file}.jsonl"))
            {
                var groundTruth = row.TryGetProperty("ground_truth", out var text)
                    ? text.GetString()!
                    : $"{{\"instruction_id_list\":{row.GetProperty("instruction_id_list").GetRawText()},\"kwargs\":{row.GetProperty("kwargs").GetRawText()}}}";
                rows.Add((row.GetProperty("response").GetString()!, groundTruth));
            }
        }

        return rows;
    }

    private static string Mutated(string text, Random random)
    {
        var mutated = new StringBuilder(text);
        for (var step = random.Next(1, 6); step > 0; step--)
        {
            var at = random.Next(mutated.Length + 1);
            var length = random.Next(Math.Min(mutated.Length - at, 40) + 1);
            switch (random.Next(6))
            {
                case 0:
                    mutated.Remove(at, length);
                    break;
                case 1:
                    mutated.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 2:
                    // Long runs of one piece are what backtracking rules stumble over.
                    mutated.Insert(at, string.Concat(Enumerable.Repeat(Pieces[random.Next(Pieces.Length)], random.Next(1, random.Next(20) == 0 ? 5000 : 50))));
                    break;
                case 3:
                    mutated.Insert(at, mutated.ToString(at, length));
                    break;
                case 4 when length > 0:
                    mutated[at] = (char)random.Next(0x300);
                    break;
                default:
                    mutated.Insert(at, (char)random.Next(0x10000));
                    break;
            }
        }

        return mutated.ToString();
    }
}
