using Fleet.Rewards;
using Fleet.Rewards.Code;

namespace Fleet.Unit.Tests.Rewards.Code;

public sealed class CodeVerdictTests
{
    private static readonly CodeSettings All = new(new CodeLimits(10, 512, 30), CodeScoring.All, 1, Flaky: false);
    private static readonly Observation Right = new() { ExitCode = 0, Stdout = "7\n" };
    private static readonly Observation Wrong = new() { ExitCode = 0, Stdout = "8\n" };

    [Fact]
    public void All_tests_right_is_one_and_any_wrong_is_zero()
    {
        Assert.Equal(1, Judge(All, Right, Right).Score);
        var score = Judge(All, Right, Wrong);
        Assert.Equal(0, score.Score);
        Assert.Equal("wrong_answer", score.Reason.Code);
        Assert.StartsWith("Test 1 of 2:", score.Reason.Sentence, StringComparison.Ordinal);
        Assert.Equal(0.5, score.Detail!["pass_ratio"]!.GetValue<double>());
    }

    [Fact]
    public void The_share_of_tests_can_be_the_score_or_decide_it()
    {
        Assert.Equal(0.5, Judge(All with { Scoring = CodeScoring.Ratio }, Right, Wrong).Score);
        Assert.Equal(1, Judge(All with { Scoring = CodeScoring.Threshold, PassThreshold = 0.5 }, Right, Wrong).Score);
        Assert.Equal(0, Judge(All with { Scoring = CodeScoring.Threshold, PassThreshold = 0.6 }, Right, Wrong).Score);
    }

    public static TheoryData<Observation, string> Endings => new()
    {
        { Right with { ExitCode = 1 }, "runtime_error" },
        { Right with { ExitCode = null, Signal = 11 }, "runtime_error" },
        { Right with { Limit = LimitHit.Time }, "time_limit" },
        { Right with { Limit = LimitHit.Memory }, "memory_limit" },
        { Right with { Limit = LimitHit.Output }, "output_limit" },
        { Right with { Limit = LimitHit.Processes }, "process_limit" },
        { Right with { InCompiler = true, ExitCode = 1 }, "compile_error" },
        { Right with { Stdout = "", Stderr = "7\n" }, "wrong_answer" },
    };

    [Theory]
    [MemberData(nameof(Endings))]
    public void Whatever_the_program_did_is_scored_zero_with_its_reason(Observation seen, string code)
    {
        var score = Judge(All, seen);
        Assert.Equal(0, score.Score);
        Assert.Equal(code, score.Reason.Code);
    }

    [Fact]
    public void Only_the_tester_decides_where_there_is_one()
    {
        var plan = Plan(CodeKind.Assert);
        Assert.Equal(1, CodeVerdict.Judge(plan, [new Observation { Tester = TesterVerdict.Passed }], All).Score);
        Assert.Equal(0, CodeVerdict.Judge(plan, [new Observation { ExitCode = 0, Stdout = "passed" }], All).Score);
        Assert.Equal(0, CodeVerdict.Judge(plan, [new Observation { ExitCode = 0, Tester = TesterVerdict.Failed, Cause = "gone" }], All).Score);
        Assert.False(CodeVerdict.Judge(plan, [new Observation { Tester = TesterVerdict.Broken }], All).IsScored);
    }

    [Theory]
    [InlineData("{\"result\": [3]}", "[3]", "correct")]
    [InlineData("{\"result\": [4]}", "[3]", "wrong_answer")]
    [InlineData("{\"missing\": \"f\"}", "[3]", "missing_function")]
    [InlineData("garbage", "[3]", "wrong_answer")]
    [InlineData(null, "[3]", "wrong_answer")]
    [InlineData("{\"result\": [3]}", "not json", "bad_tests")]
    public void A_called_functions_result_is_compared_as_json(string? result, string expected, string code)
    {
        var plan = Plan(CodeKind.Call) with { Tests = [new CodeTest { Expected = expected }] };
        Assert.Equal(code, CodeVerdict.Judge(plan, [new Observation { ExitCode = 0, Result = result }], All).Reason.Code);
    }

    private static RewardScore Judge(CodeSettings settings, params Observation[] seen) =>
        CodeVerdict.Judge(Plan(CodeKind.Script) with { Tests = [.. seen.Select(_ => new CodeTest { Expected = "7" })] }, seen, settings);

    private static CodePlan Plan(CodeKind kind) =>
        new() { Kind = kind, Language = CodeLanguage.Python, Program = "x", Tests = [new CodeTest { Expected = "7" }], Limits = All.Limits };
}
