using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fleet.Dispatcher.Rollouts;
using Fleet.Rewards.Math;
using Fleet.Rewards.Math.Extraction;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet verify</c>: answer equality alone, without a fleet around it.</summary>
internal static class VerifyCommand
{
    private const int RowsAtOnce = 4096;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var input = new Argument<string>("IN") { Description = "JSON lines of {id, gold, pred, kind, extraction}: kind pair compares bare answers, verify extracts from whole texts; - is standard input." };
        var output = new Option<string?>("--output", "-o") { Description = "Where {id, verdict, status, reason, gold_form, pred_form} go. Default: standard output.", HelpName = "FILE" };
        var math = new Command("math", "Say whether mathematical answers are equal.") { input, output };
        math.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(input)!, parsed.GetValue(output), cancellation));
        return new Command("verify", "Compare answers alone.") { math };
    }

    private static async Task<int> RunAsync(string input, string? output, CancellationToken cancellation)
    {
        await using var source = RolloutReader.Open(input);
        await using var target = output is null or "-" ? Console.OpenStandardOutput() : File.Create(output);
        await using var buffered = new BufferedStream(target, 1 << 16);
        await foreach (var rows in RolloutReader.ReadAsync(source, 64 * 1024 * 1024, cancellation).Chunk(RowsAtOnce))
        {
            var answers = rows.AsParallel().AsOrdered().WithCancellation(cancellation).Select(Answer);
            foreach (var answer in answers)
            {
                buffered.Write(answer);
                buffered.WriteByte((byte)'\n');
            }
        }

        return ExitCode.Done;
    }

    private static byte[] Answer(Row row)
    {
        // A row of this command has no response; what else is wrong with it is said.
        var (gold, pred) = (row.Text("gold"), row.Text("pred"));
        var problem = row.Problem is { Code: not "missing_column" } ? row.Problem
            : gold is null || pred is null ? new RowProblem("missing_column", "The row needs 'gold' and 'pred' as texts.")
            : null;
        var verdict = problem is null
            ? MathVerifier.Verify(gold!, pred!, row.Text("kind") ?? "pair", Settings(row.Value("extraction")))
            : new MathVerdict(null, "invalid", new Rewards.Reason(problem.Code, problem.Sentence), null, null);

        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Plain))
        {
            json.WriteStartObject();
            json.WritePropertyName("id");
            if (row.Id.ValueKind == JsonValueKind.Undefined) json.WriteNullValue();
            else row.Id.WriteTo(json);
            if (verdict.Equal is { } equal) json.WriteBoolean("verdict", equal);
            else json.WriteNull("verdict");
            json.WriteString("status", verdict.Status);
            json.WriteString("reason", verdict.Reason.ToString());
            json.WriteString("gold_form", verdict.GoldForm);
            json.WriteString("pred_form", verdict.PredictionForm);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static ExtractionSettings? Settings(JsonElement? json)
    {
        if (json is not { ValueKind: JsonValueKind.Object } given) return null;
        var defaults = new ExtractionSettings();
        return new ExtractionSettings
        {
            Targets = Texts(given, "targets") ?? defaults.Targets,
            BoxedMatchPriority = Number(given, "boxed_match_priority") ?? defaults.BoxedMatchPriority,
            FloatRounding = Number(given, "float_rounding") ?? defaults.FloatRounding,
            Strict = Flag(given, "strict") ?? defaults.Strict,
            AllowSetRelationComparison = Flag(given, "allow_set_relation_comp") ?? defaults.AllowSetRelationComparison,
            Strings = Texts(given, "strings") ?? defaults.Strings,
            Lowercase = Flag(given, "lowercase") ?? defaults.Lowercase,
        };
    }

    private static IReadOnlyList<string>? Texts(JsonElement json, string name) =>
        json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(item => item.ToString())] : null;

    private static int? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var value) ? value : null;

    private static bool? Flag(JsonElement json, string name) => json.TryGetProperty(name, out var flag) ? flag.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    } : null;
}
