using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Batches;

namespace Fleet.Worker.Sandbox;

/// <summary>SandboxFusion requests as a batch: one request a row in, one answer a row out, in order.</summary>
internal static class RunCodeBatch
{
    public static async Task<DataProto> RunAsync(ICodeSandbox sandbox, DataProto data, CancellationToken cancellation)
    {
        var requests = data.NonTensorBatch.GetValueOrDefault(BatchKeys.Request)
            ?? throw new FleetException($"The batch has no column '{BatchKeys.Request}' with run_code requests; it has {string.Join(", ", data.Keys)}.");
        var answers = await Task.WhenAll(Enumerable.Range(0, data.Length).Select(row => RunAsync(sandbox, requests.Text(row), cancellation)));
        return DataProto.Of([], [new(BatchKeys.Result, ValueColumn.OfJsonText([.. answers]))]);
    }

    private static async Task<string?> RunAsync(ICodeSandbox sandbox, string? json, CancellationToken cancellation)
    {
        RunCodeResult answer;
        try
        {
            var request = JsonSerializer.Deserialize<RunCodeRequest>(json ?? "null") ?? throw new JsonException("The request is null.");
            answer = await sandbox.RunCodeAsync(request, cancellation);
        }
        catch (JsonException unreadable)
        {
            answer = new RunCodeResult { Status = RunCodeResult.SandboxError, Message = $"The request cannot be read: {unreadable.Message}" };
        }

        return JsonSerializer.Serialize(answer);
    }
}
