using System.Text.Json;
using Fleet.Contracts.Batches;

namespace Fleet.Worker.Sandbox;

/// <summary>Serves the command <c>run_code</c>: requests in one column, answers in another.</summary>
internal sealed class RunCodeService(ICodeSandbox sandbox)
{
    /// <summary>Answers every row; the sandbox itself bounds how many run at once.</summary>
    public async Task<DataProto> RunAsync(DataProto requests, CancellationToken cancel)
    {
        var column = requests.NonTensorBatch.GetValueOrDefault(RunCodeKeys.Request);
        var answers = await Task.WhenAll(Enumerable.Range(0, requests.Length).Select(row => AnswerAsync(column?.Text(row), cancel)));
        return DataProto.FromSingleDict([new(RunCodeKeys.Answer, ValueColumn.OfJsonText([.. answers.Select(answer => JsonSerializer.Serialize(answer))]))]);
    }

    private Task<RunCodeResult> AnswerAsync(string? text, CancellationToken cancel)
    {
        try
        {
            return JsonSerializer.Deserialize<RunCodeRequest>(text ?? "null") is { } request
                ? sandbox.RunCodeAsync(request, cancel)
                : Task.FromResult(Refused($"The row has no column {RunCodeKeys.Request}."));
        }
        catch (JsonException unreadable)
        {
            return Task.FromResult(Refused($"The request cannot be read: {unreadable.Message}"));
        }
    }

    private static RunCodeResult Refused(string message) => new() { Status = RunCodeResult.SandboxError, Message = message };
}
