using System.Text;
using System.Text.Json;
using Fleet.Rewards.Code;
using Fleet.Worker.Sandbox;

namespace Fleet.Unit.Tests.Worker.Sandbox;

public sealed class SlotRunTests
{
    private const string Secret = "never-to-be-seen-inside";

    [Theory]
    [InlineData(CodeKind.Script)]
    [InlineData(CodeKind.Call)]
    public void What_a_program_must_print_never_enters_the_container(CodeKind kind)
    {
        var sent = Sent(kind, new CodeTest { Stdin = "in", Expected = Secret });
        Assert.DoesNotContain(sent, frame => frame.Contains(Secret, StringComparison.Ordinal));
        Assert.Contains("in", sent[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CodeKind.Assert)]
    [InlineData(CodeKind.CheckBased)]
    [InlineData(CodeKind.Pytest)]
    public void Tests_travel_in_the_frame_that_the_programs_process_never_reads(CodeKind kind)
    {
        var sent = Sent(kind, new CodeTest { Code = $"assert {Secret}" });
        Assert.DoesNotContain(Secret, sent[0], StringComparison.Ordinal);
        Assert.Contains(Secret, sent[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_is_a_value_and_its_test_code_is_sent_as_it_stands()
    {
        var sent = Sent(CodeKind.Text, new CodeTest { Code = "assert {response}" }, program: "''' + x");
        using var tests = JsonDocument.Parse(sent[1]);
        Assert.Equal("assert {response}", tests.RootElement.GetProperty("code").GetString());
        Assert.Equal("''' + x", tests.RootElement.GetProperty("response").GetString());
    }

    [Fact]
    public void A_wire_of_lies_changes_no_verdict()
    {
        var plan = Plan(CodeKind.Assert, new CodeTest { Code = "x" }, "x");
        var reply = new SlotReply { Limit = "", Status = 0, Stdout = "passed"u8.ToArray(), Stderr = [], Result = "passed"u8.ToArray(), Tester = JsonDocument.Parse("""{"verdict": "failed", "cause": 7}""").RootElement };
        Assert.Equal(TesterVerdict.Failed, PlanRuns.Of(plan, reply, "slot").Tester);
    }

    [Theory]
    [InlineData("time", 0, 0, LimitHit.Time)]
    [InlineData("output", 0, 0, LimitHit.Output)]
    [InlineData("", 1, 0, LimitHit.Memory)]
    [InlineData("", 0, 1, LimitHit.Processes)]
    [InlineData("", 0, 0, LimitHit.None)]
    public void What_the_kernel_counted_says_which_limit_was_hit(string limit, int outOfMemory, int refused, LimitHit hit)
    {
        var reply = new SlotReply { Limit = limit, Status = -9, OutOfMemory = outOfMemory, Refused = refused, Stdout = [], Stderr = [], Result = [] };
        Assert.Equal(hit, PlanRuns.Of(Plan(CodeKind.Script, new CodeTest(), "x"), reply, "slot").Limit);
    }

    [Fact]
    public void Settings_that_cannot_work_are_all_named_at_once()
    {
        var error = Assert.Throws<SandboxException>(() => new SandboxOptions { Slots = 0, Processes = 1, Engine = "here" }.Validate());
        Assert.Contains("Slots", error.Message, StringComparison.Ordinal);
        Assert.Contains("Processes", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"here\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_worker_of_this_machine_that_is_gone_counts_as_dead()
    {
        Assert.False(SlotOwner.Self.IsDead);
        Assert.False(SlotOwner.Parse(SlotOwner.Self.ToString())!.IsDead);
        Assert.True((SlotOwner.Self with { Started = "1" }).IsDead);
        Assert.True((SlotOwner.Self with { Process = int.MaxValue }).IsDead);
        Assert.False((SlotOwner.Self with { Machine = "elsewhere", Process = int.MaxValue }).IsDead);
        Assert.Null(SlotOwner.Parse("nonsense"));
    }

    private static List<string> Sent(CodeKind kind, CodeTest test, string program = "program") =>
        [.. PlanRuns.Run(Plan(kind, test, program), test, [], new SandboxOptions()).Frames().Select(frame =>
            JsonSerializer.Serialize(frame.Header) + string.Concat(frame.Bodies.Select(Encoding.UTF8.GetString)))];

    private static CodePlan Plan(CodeKind kind, CodeTest test, string program) =>
        new() { Kind = kind, Language = CodeLanguage.Python, Program = program, Tests = [test], Limits = new CodeLimits(10, 512, 30) };
}
