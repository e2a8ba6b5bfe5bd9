using System.Text.Json;
using Fleet.Rewards;
using Fleet.Rewards.Math;
using Fleet.Rewards.Math.Extraction;

namespace Fleet.Conformance.Tests;

/// <summary>How the labelled cases of the mathematics corpora are fed to the engine, and what came out.</summary>
internal static class MathCases
{
    /// <summary>How many of the cases came out as labelled, with the misses for a person to read.</summary>
    internal sealed record Tally(int Right, int Count, int FalsePositives, int ReferenceRight, IReadOnlyList<string> Misses)
    {
        public double Share => Count == 0 ? 0 : 100.0 * Right / Count;

        public double ReferenceShare => Count == 0 ? 0 : 100.0 * ReferenceRight / Count;

        public string Report => $"{Right} of {Count} = {Share:F2} % (reference {ReferenceShare:F2} %)\n{string.Join('\n', Misses.Take(40))}";
    }

    /// <summary>Bare answers in pairs; cases without a label are left out.</summary>
    public static Tally Pairs(string file) => Count(LabelledCases.Read(file).Where(c => Flag(c, "truth") is not null), c =>
        (Flag(c, "truth")!.Value, MathVerifier.Verify(Text(c, "gold"), Text(c, "pred")).Equal));

    /// <summary>Texts that both are extracted from, as the reference's own tests configure it.</summary>
    public static Tally ReferenceTests(string file) => Count(LabelledCases.Read(file).Where(c => Text(c, "kind") == "verify"), c =>
        (Flag(c, "expected")!.Value, MathVerifier.Verify(Text(c, "gold"), Text(c, "pred"), "verify", ExtractionSettings.Of(c.GetProperty("extraction"))).Equal));

    /// <summary>Gold answers against themselves: right when equal and parsed.</summary>
    public static Tally GoldAnswers(string file) => Count(LabelledCases.Read(file), c =>
    {
        var verdict = MathVerifier.Verify(Text(c, "gold"), Text(c, "gold"));
        return (true, verdict.Equal == true && verdict.GoldForm is not null);
    });

    /// <summary>Whole responses against <c>truth</c>, or against the reference worker's verdict.</summary>
    public static Tally Responses(string file, Parity parity)
    {
        var reward = new MathReward(new RewardSettings(parity));
        var label = parity == Parity.Roll ? "roll" : "truth";
        var cases = LabelledCases.Read(file).Where(c => Flag(c, label) is not null && (parity == Parity.Roll || !Text(c, "source").Contains("odyssey", StringComparison.Ordinal)));
        return Count(cases, c =>
        {
            var score = reward.Score(new Rollout { Response = Text(c, "pred"), GroundTruth = Text(c, "gold") }, new ScoringContext());
            return (Flag(c, label)!.Value, score.IsScored ? score.Score >= 0.5 : null);
        });
    }

    private static Tally Count(IEnumerable<JsonElement> cases, Func<JsonElement, (bool Wanted, bool? Got)> judge)
    {
        int right = 0, count = 0, falsePositives = 0, reference = 0;
        var misses = new List<string>();
        foreach (var c in cases)
        {
            var (wanted, got) = judge(c);
            count++;
            if (Flag(c, "mv") == wanted) reference++;
            if (got == wanted) right++;
            else
            {
                if (got == true) falsePositives++;
                misses.Add($"{Text(c, "id")}: wanted {wanted}, got {got}: {Clip(Text(c, "gold"))} | {Clip(Text(c, "pred"))}");
            }
        }

        return new Tally(right, count, falsePositives, reference, misses);
    }

    private static string Text(JsonElement c, string name) => c.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static bool? Flag(JsonElement c, string name) => c.TryGetProperty(name, out var value)
        ? value.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null }
        : null;

    private static string Clip(string text) => text.Length <= 120 ? text : text[..40] + " ... " + text[^80..];
}
