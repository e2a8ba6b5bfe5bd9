using System.Globalization;
using System.Text.Json.Nodes;

namespace Fleet.Rewards.Code;

/// <summary>What the observations of a plan's tests mean.</summary>
/// <remarks>
/// Whatever the program did is the response's doing and is scored: wrong answers, crashes and limits alike. Only test
/// code that cannot run makes a row invalid.
/// Range: 0 or 1, or [0, 1] when the share of passed tests is the score.
/// </remarks>
public static class CodeVerdict
{
    private const int ShownTests = 50;
    private const int ShownText = 400;

    /// <summary>The score of a row.</summary>
    /// <param name="plan">What was run.</param>
    /// <param name="observations">What was seen, one for each test, in their order.</param>
    /// <param name="settings">How the tests make the score.</param>
    public static RewardScore Judge(CodePlan plan, IReadOnlyList<Observation> observations, CodeSettings settings)
    {
        var verdicts = plan.Tests.Zip(observations, (test, seen) => JudgeTest(plan, test, seen)).ToList();
        var detail = Detail(plan, observations, verdicts);
        foreach (var verdict in verdicts)
        {
            if (verdict.Code is "bad_tests") return RewardScore.Invalid(verdict, detail);
        }

        var passed = verdicts.Count(verdict => verdict.Code == Correct);
        var ratio = (double)passed / verdicts.Count;
        var score = settings.Scoring switch
        {
            CodeScoring.Ratio => ratio,
            CodeScoring.Threshold => ratio >= settings.PassThreshold ? 1 : 0,
            _ => passed == verdicts.Count ? 1 : 0,
        };
        var reason = passed == verdicts.Count
            ? new Reason(Correct)
            : verdicts.First(verdict => verdict.Code is not (Correct or "not_run")) is var first && verdicts.Count == 1
                ? first
                : first with { Sentence = $"Test {verdicts.IndexOf(first)} of {verdicts.Count}: {first.Sentence}" };
        return RewardScore.Scored(score, reason, detail);
    }

    private const string Correct = "correct";

    /// <summary>What one test came to: <c>correct</c>, or why not.</summary>
    internal static Reason JudgeTest(CodePlan plan, CodeTest test, Observation seen)
    {
        if (seen.NotRun) return new Reason("not_run", "An earlier test decided the score.");
        if (seen.Limit != LimitHit.None) return OfLimit(seen, plan.Limits);
        if (seen.InCompiler) return new Reason("compile_error", LastLine(seen.Stderr, "The compiler refused the program."));
        return plan.Kind switch
        {
            CodeKind.Script => OfScript(test, seen),
            CodeKind.Call => OfCall(test, seen),
            _ => OfTester(seen),
        };
    }

    private static Reason OfScript(CodeTest test, Observation seen)
    {
        if (seen.ExitCode != 0) return Crash(seen);
        return OutputComparison.Same(seen.Stdout, test.Expected)
            ? new Reason(Correct)
            : new Reason("wrong_answer", $"It printed {Quoted(seen.Stdout)}.");
    }

    private static Reason OfCall(CodeTest test, Observation seen)
    {
        if (ResultComparison.Parse(test.Expected) is not { } expected)
            return new Reason("bad_tests", "The expected result of a called function is no JSON.");
        if (seen.ExitCode != 0) return Crash(seen);
        if (seen.Result is null || ResultComparison.Parse(seen.Result) is not { ValueKind: System.Text.Json.JsonValueKind.Object } outcome)
            return new Reason("wrong_answer", "The function returned nothing that has a JSON form.");
        if (outcome.TryGetProperty("missing", out _)) return new Reason("missing_function", "The program does not define the function under test.");
        return outcome.TryGetProperty("result", out var result) && ResultComparison.Same(result, expected)
            ? new Reason(Correct)
            : new Reason("wrong_answer", $"It returned {Quoted(seen.Result)}.");
    }

    private static Reason OfTester(Observation seen) => seen.Tester switch
    {
        TesterVerdict.Passed => new Reason(Correct),
        TesterVerdict.Broken => new Reason("bad_tests", seen.Message),
        TesterVerdict.Failed when seen.Cause == "assertion" => new Reason("wrong_answer", Clip(seen.Message)),
        TesterVerdict.Failed when seen.Cause == "missing" => new Reason("missing_function", Clip(seen.Message)),
        TesterVerdict.Failed => new Reason("runtime_error", Clip(seen.Message)),
        _ => new Reason("runtime_error", "The tests did not come to their end."),
    };

    private static Reason OfLimit(Observation seen, CodeLimits limits)
    {
        var by = seen.InCompiler ? "The compiler" : "The program";
        var seconds = (seen.InCompiler ? limits.CompileSeconds : limits.TimeSeconds).ToString(CultureInfo.InvariantCulture);
        return seen.Limit switch
        {
            LimitHit.Time => new Reason("time_limit", $"{by} took more than {seconds} s."),
            LimitHit.Memory => new Reason("memory_limit", $"{by} wanted more than {limits.MemoryMegabytes} MB."),
            LimitHit.Output => new Reason("output_limit", $"{by} wrote more than a program may."),
            _ => new Reason("process_limit", $"{by} wanted more processes than a program may have."),
        };
    }

    private static Reason Crash(Observation seen) => new("runtime_error",
        seen.Signal != 0 ? $"Signal {seen.Signal} ended it." : LastLine(seen.Stderr, $"It ended with status {seen.ExitCode}."));

    private static JsonObject Detail(CodePlan plan, IReadOnlyList<Observation> observations, List<Reason> verdicts)
    {
        var passed = verdicts.Count(verdict => verdict.Code == Correct);
        var tests = new JsonArray();
        for (var i = 0; i < Min(verdicts.Count, ShownTests); i++) tests.Add((JsonNode)DetailOfTest(observations[i], verdicts[i]));
        return new JsonObject
        {
            ["language"] = plan.Language.Name(),
            ["tests"] = verdicts.Count,
            ["passed"] = passed,
            ["pass_ratio"] = (double)passed / verdicts.Count,
            ["results"] = tests,
            ["slot"] = observations.FirstOrDefault(seen => seen.Slot.Length > 0)?.Slot,
        };
    }

    private static JsonObject DetailOfTest(Observation seen, Reason verdict)
    {
        var detail = new JsonObject { ["passed"] = verdict.Code == Correct, ["reason"] = verdict.Code };
        if (seen.NotRun) return detail;
        detail["seconds"] = Round(seen.Seconds, 4);
        if (seen.PeakMemory > 0) detail["peak_mb"] = seen.PeakMemory >> 20;
        if (verdict.Code == Correct) return detail;

        if (seen.Limit != LimitHit.None) detail["limit"] = seen.Limit.ToString().ToLowerInvariant();
        if (seen.ExitCode is { } code) detail["exit_code"] = code;
        if (seen.Signal != 0) detail["signal"] = seen.Signal;
        if (seen.Message.Length > 0) detail["message"] = Clip(seen.Message);
        if (seen.Stdout.Length > 0) detail["stdout"] = Clip(seen.Stdout);
        if (seen.Stderr.Length > 0) detail["stderr"] = ClipStart(seen.Stderr);
        return detail;
    }

    private static string LastLine(string text, string otherwise)
    {
        var end = text.AsSpan().TrimEnd();
        if (end.IsEmpty) return otherwise;
        return Clip(end[(end.LastIndexOf('\n') + 1)..].ToString());
    }

    private static string Quoted(string text) => $"\"{(text.Length <= 80 ? text : text[..80] + "...").Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    private static string Clip(string text) => text.Length <= ShownText ? text : text[..ShownText] + "...";

    // Of an error stream the end says what happened.
    private static string ClipStart(string text) => text.Length <= ShownText ? text : "..." + text[^ShownText..];
}
