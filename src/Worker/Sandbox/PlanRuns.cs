using System.Text;
using System.Text.Json;
using Fleet.Rewards.Code;

namespace Fleet.Worker.Sandbox;

/// <summary>Turns the tests of a plan into runs on a slot, and what the slot says into observations.</summary>
internal static class PlanRuns
{
    /// <summary>The run that compiles a plan's program; null where nothing is compiled.</summary>
    public static SlotRun? Compile(CodePlan plan, SandboxOptions options) =>
        plan.Language is CodeLanguage.Cpp or CodeLanguage.Java ? Compile(plan.Language.Name(), plan.Program, plan.Limits.CompileSeconds, options) : null;

    /// <summary>The run that compiles a program.</summary>
    public static SlotRun Compile(string language, string program, double seconds, SandboxOptions options) => new()
    {
        Kind = "compile",
        Language = language,
        Program = Encoding.UTF8.GetBytes(program),
        Seconds = seconds,
        Memory = (long)options.MaxMemoryMegabytes << 20,
        OutputBytes = options.OutputBytes,
    };

    /// <summary>The run of one test.</summary>
    /// <remarks>What the compiler left goes with it; the list is empty where nothing is compiled.</remarks>
    public static SlotRun Run(CodePlan plan, CodeTest test, IReadOnlyList<SlotFile> compiled, SandboxOptions options)
    {
        var run = new SlotRun
        {
            Kind = plan.Kind switch { CodeKind.Script => "script", CodeKind.Call => "call", CodeKind.Text => "text", _ => "split" },
            Language = plan.Language.Name(),
            Program = plan.Kind == CodeKind.Text || compiled.Count > 0 ? [] : Encoding.UTF8.GetBytes(plan.Program),
            Files = compiled,
            Function = plan.Function,
            Seconds = plan.Limits.TimeSeconds,
            Memory = (long)Math.Min(plan.Limits.MemoryMegabytes, options.MaxMemoryMegabytes) << 20,
            OutputBytes = options.OutputBytes,
        };
        return plan.Kind switch
        {
            // What a program must print or return stays here: it is compared here.
            CodeKind.Script or CodeKind.Call => run with { Stdin = Encoding.UTF8.GetBytes(test.Stdin) },
            _ => run with { Tests = Tests(plan, test) },
        };
    }

    /// <summary>What the tester is told of a test.</summary>
    public static object Tests(CodePlan plan, CodeTest test) => plan.Kind == CodeKind.Text
        ? new { kind = "text", code = test.Code, response = plan.Program }
        : new { kind = KindOf(plan.Kind), code = test.Code, prefix = test.ImportPrefix, entry_point = test.EntryPoint };

    /// <summary>The observation of a compiler that did not leave a program.</summary>
    public static Observation OfCompiler(SlotReply reply, string slot) =>
        Of(reply, slot, python: false, long.MaxValue) with { InCompiler = true };

    /// <summary>The observation of a test.</summary>
    public static Observation Of(CodePlan plan, SlotReply reply, string slot)
    {
        var seen = Of(reply, slot, plan.Language == CodeLanguage.Python, (long)plan.Limits.MemoryMegabytes << 20);
        if (plan.Kind == CodeKind.Call) return seen with { Result = reply.Result.Length > 0 ? SlotReply.Text(reply.Result) : null };
        return reply.Tester.ValueKind == JsonValueKind.Object ? WithVerdict(seen, reply.Tester) : seen;
    }

    /// <summary>An observation with what the tester said.</summary>
    public static Observation WithVerdict(Observation seen, JsonElement tester)
    {
        var cause = Member(tester, "cause");
        var message = Member(tester, "message");
        var verdict = Member(tester, "verdict") switch
        {
            "passed" => TesterVerdict.Passed,
            "failed" => TesterVerdict.Failed,
            "broken" => TesterVerdict.Broken,
            _ => TesterVerdict.None,
        };
        var limit = seen.Limit switch
        {
            // A tester that came to its end has the last word, whatever the program's other processes met.
            LimitHit.Memory or LimitHit.Processes when verdict == TesterVerdict.Passed => LimitHit.None,
            LimitHit.None when verdict == TesterVerdict.Failed && message.StartsWith("MemoryError", StringComparison.Ordinal) => LimitHit.Memory,
            var hit => hit,
        };
        return seen with { Tester = verdict, Cause = cause, Message = message, Limit = limit };
    }

    private static Observation Of(SlotReply reply, string slot, bool python, long memory)
    {
        var stderr = SlotReply.Text(reply.Stderr);
        var failed = reply.Status is not 0;
        var limit = reply.Limit switch
        {
            "time" => LimitHit.Time,
            "output" => LimitHit.Output,
            _ when failed && (reply.OutOfMemory > 0 || SaysOutOfMemory(stderr)) => LimitHit.Memory,
            // Only Python's memory is limited while it runs; the others' is what they were seen to hold.
            _ when !python && reply.PeakMemory > memory => LimitHit.Memory,
            _ when failed && reply.Refused > 0 => LimitHit.Processes,
            _ => LimitHit.None,
        };
        return new Observation
        {
            Limit = limit,
            ExitCode = reply.Status is >= 0 ? reply.Status : null,
            Signal = reply.Status is < 0 and var signal ? -signal : 0,
            Seconds = reply.Seconds,
            PeakMemory = reply.PeakMemory,
            Stdout = SlotReply.Text(reply.Stdout),
            Stderr = stderr,
            Slot = slot,
        };
    }

    private static bool SaysOutOfMemory(string stderr)
    {
        var end = stderr.AsSpan().TrimEnd();
        var last = end[(end.LastIndexOf('\n') + 1)..];
        return last.StartsWith("MemoryError") || end.IndexOf("std::bad_alloc") >= 0 || end.IndexOf("heap out of memory") >= 0 || end.IndexOf("OutOfMemoryError") >= 0;
    }

    private static string KindOf(CodeKind kind) => kind switch { CodeKind.CheckBased => "check_based", CodeKind.Pytest => "pytest", _ => "assert" };

    private static string Member(JsonElement value, string name) =>
        value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString()! : "";
}
