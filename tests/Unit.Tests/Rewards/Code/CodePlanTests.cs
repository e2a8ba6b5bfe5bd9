using System.Text.Json;
using Fleet.Rewards;
using Fleet.Rewards.Code;

namespace Fleet.Unit.Tests.Rewards.Code;

public sealed class CodePlanTests
{
    private const string Program = "```python\ndef f(x):\n    return x\n```";

    [Theory]
    [InlineData("assert", CodeKind.Assert)]
    [InlineData("pytest", CodeKind.Pytest)]
    [InlineData("check_based", CodeKind.CheckBased)]
    public void The_case_type_says_how_tests_run(string caseType, CodeKind kind)
    {
        var plan = Plan(Row(caseType, """[{"assert_code": "assert f(1) == 1", "entry_point": "f"}]"""));
        Assert.Equal(kind, plan.Kind);
        Assert.Equal("f", plan.Tests[0].EntryPoint);
    }

    [Theory]
    [InlineData("input", "", CodeKind.Script)]
    [InlineData("io", " ", CodeKind.Script)]
    [InlineData("anything", "None", CodeKind.Script)]
    [InlineData("io", "f", CodeKind.Call)]
    public void Everything_else_compares_output_or_calls_a_function(string caseType, string function, CodeKind kind) =>
        Assert.Equal(kind, Plan(Row(caseType, """[{"stdin": "1", "expected_stdout": "1"}]""", ("test_case_function", function))).Kind);

    [Fact]
    public void Tests_may_be_the_text_of_a_list_and_texts_themselves()
    {
        var text = JsonSerializer.Serialize("""["assert f(1) == 1", {"assert_code": "assert f(2) == 2"}]""");
        Assert.Equal(2, Plan(Row("assert", text)).Tests.Count);
        Assert.Equal("3", Plan(Row("io", """{"inputs": ["1", "2"], "outputs": ["3", "4"]}""")).Tests[0].Expected);
    }

    [Theory]
    [InlineData("io", "[]", "no_tests")]
    [InlineData("io", "\"\"", "no_tests")]
    [InlineData("io", "null", "no_tests")]
    [InlineData("io", "\"not json\"", "bad_tests")]
    [InlineData("io", "7", "bad_tests")]
    [InlineData("io", """[{"stdin": "1"}]""", "bad_tests")]
    [InlineData("assert", """[{"assert_code": " "}]""", "bad_tests")]
    [InlineData("check_based", "[1]", "bad_tests")]
    public void Without_tests_that_can_be_read_nobodys_response_could_be_scored(string caseType, string tests, string code)
    {
        var score = CodePlan.For(Row(caseType, tests), RewardSettings.Default).Score!;
        Assert.False(score.IsScored);
        Assert.Equal(code, score.Reason.Code);
    }

    [Theory]
    [InlineData("", "no_answer")]
    [InlineData("<think>hm</think>", "no_answer")]
    [InlineData("```rust\nfn f() {}\n```", "unsupported_language")]
    [InlineData("```cpp\nint f();\n```", "wrong_language")]
    public void A_response_without_a_program_for_the_tests_is_scored_zero(string response, string code)
    {
        var score = CodePlan.For(Row("assert", """["assert f(1)"]""", response: response), RewardSettings.Default).Score!;
        Assert.Equal(0, score.Score);
        Assert.Equal(code, score.Reason.Code);
    }

    [Fact]
    public void A_text_is_the_answer_itself_and_never_part_of_the_test_code()
    {
        var plan = Plan(Row("text", """[{"assert_code": "assert {response} == 'x'"}]""", response: "<think>no</think>\n''' + x"));
        Assert.Equal("''' + x", plan.Program);
        Assert.Equal("assert {response} == 'x'", plan.Tests[0].Code);
    }

    [Theory]
    [InlineData("""{"time_s": 2, "memory_mb": 100}""", 2, 100)]
    [InlineData("""{"time_s": 1000, "memory_mb": 1000000}""", 60, 1024)]
    [InlineData("""{"time_s": -1, "memory_mb": "much"}""", 10, 512)]
    [InlineData("7", 10, 512)]
    public void A_rows_limits_hold_within_the_maxima(string limits, double seconds, int megabytes)
    {
        var plan = Plan(Row("assert", """["assert f(1)"]""", ("limits", JsonDocument.Parse(limits).RootElement)));
        Assert.Equal((seconds, megabytes), (plan.Limits.TimeSeconds, plan.Limits.MemoryMegabytes));
    }

    private static CodePlan Plan(Rollout row) => CodePlan.For(row, RewardSettings.Default).Plan!;

    internal static Rollout Row(string caseType, string tests, params (string Name, object Value)[] more) => Row(caseType, tests, Program, more);

    internal static Rollout Row(string caseType, string tests, string response, params (string Name, object Value)[] more) => new()
    {
        Response = response,
        Columns = more.Append(("case_type", caseType)).Append(("test_cases", JsonDocument.Parse(tests).RootElement))
            .ToDictionary(pair => pair.Item1, pair => JsonSerializer.SerializeToElement(pair.Item2)),
    };
}
