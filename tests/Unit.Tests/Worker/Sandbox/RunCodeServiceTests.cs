using System.Text.Json;
using Fleet.Contracts.Batches;
using Fleet.Rewards.Code;
using Fleet.Worker.Sandbox;

namespace Fleet.Unit.Tests.Worker.Sandbox;

/// <summary>The command run_code: requests in, answers out, row by row.</summary>
public sealed class RunCodeServiceTests
{
    [Fact]
    public async Task Every_request_has_its_answer_in_its_place_and_bad_ones_cost_only_themselves()
    {
        var requests = ValueColumn.OfJsonText(
        [
            """{"code": "a", "language": "python", "expected_stdout": "ignored"}""", """{"code": "b"}""", "[1]", null, """{"code": "c", "language": "cpp", "stdin": null}""",
        ]);
        var answers = await new RunCodeService(new Echo()).RunAsync(DataProto.FromSingleDict([new(RunCodeKeys.Request, requests)]), TestContext.Current.CancellationToken);

        var column = answers.NonTensorBatch[RunCodeKeys.Answer];
        var results = Enumerable.Range(0, answers.Length).Select(row => JsonSerializer.Deserialize<RunCodeResult>(column.Json(row)!.Value)!).ToList();
        Assert.Equal(["Success", "SandboxError", "SandboxError", "SandboxError", "Success"], results.Select(result => result.Status));
        Assert.Equal(["a", null, null, null, "c"], results.Select(result => result.RunResult?.Stdout));
        Assert.Contains("language", results[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_without_the_column_is_answered_too()
    {
        var rows = DataProto.FromSingleDict([new("id", ValueColumn.OfText(["x"]))]);
        var answers = await new RunCodeService(new Echo()).RunAsync(rows, TestContext.Current.CancellationToken);
        Assert.Contains(RunCodeKeys.Request, answers.NonTensorBatch[RunCodeKeys.Answer].Text(0), StringComparison.Ordinal);
    }

    /// <summary>A sandbox that prints the program.</summary>
    private sealed class Echo : ICodeSandbox
    {
        public string Identity => "echo";

        public Task<IReadOnlyList<Observation>> RunAsync(CodePlan plan, CancellationToken cancel) => throw new NotSupportedException();

        public Task<RunCodeResult> RunCodeAsync(RunCodeRequest request, CancellationToken cancel) => Task.FromResult(new RunCodeResult
        {
            Status = RunCodeResult.Success,
            RunResult = new RunCodeStep { Status = "Finished", ReturnCode = 0, Stdout = request.Code },
        });
    }
}
