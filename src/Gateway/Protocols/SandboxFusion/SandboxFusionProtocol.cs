using System.Text;
using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Names;
using Fleet.Gateway.Access;
using Fleet.Gateway.Api;
using Fleet.Gateway.Faults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Gateway.Protocols.SandboxFusion;

/// <summary>SandboxFusion's <c>POST /run_code</c> and <c>GET /v1/ping</c>, as verl and ROLL ask them: one program run by whichever code worker is free.</summary>
/// <remarks>
/// A gateway that is full and a run that found no worker in time are 504: verl tries again after that status and after no other.
/// An answer that takes long begins with blanks, which JSON allows, because ROLL's client waits 30 s for the first byte of a run of 30 s.
/// Source: bytedance/SandboxFusion@469de084 sandbox/server/sandbox_api.py; volcengine/verl verl/utils/reward_score/sandbox_fusion/utils.py.
/// </remarks>
internal sealed class SandboxFusionProtocol(Scoring scoring, Admission admission, GatewayOptions options, TimeProvider time) : ITrainerProtocol
{
    private const double DefaultSeconds = 10;
    private const double LongestSeconds = 3600;

    // The client waits for both timeouts and 10 s.
    private static readonly TimeSpan Beside = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(15);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/run_code", (RequestDelegate)RunAsync);
        routes.MapGet("/v1/ping", (RequestDelegate)(context =>
        {
            context.Response.ContentType = MediaTypes.Json;
            return context.Response.WriteAsync("\"pong\"", context.RequestAborted);
        }));
    }

    private async Task RunAsync(HttpContext context)
    {
        // The program travels as one message.
        var limit = Math.Min(options.MaxBodyBytes, scoring.MaxRowBytes);
        try
        {
            using var ticket = admission.Enter();
            var body = ProtocolBody.Object(await Body.ReadAsync(context.Request, ticket, limit, context.RequestAborted));
            if (RequestFault.Of(body) is { } fault) await fault.WriteAsync(context);
            else await AnswerAsync(context, body);
        }
        catch (GatewayFault large) when (large.Status == StatusCodes.Status413PayloadTooLarge)
        {
            await RequestFault.TooLarge(limit).WriteAsync(context);
        }
        catch (GatewayFault full) when (full.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            throw Late(full.Message);
        }
    }

    private async Task AnswerAsync(HttpContext context, JsonElement body)
    {
        var patience = TimeSpan.FromSeconds(Math.Min(Seconds(body, "compile_timeout") + Seconds(body, "run_timeout"), LongestSeconds)) + Beside;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(patience);
        var running = ResultAsync(body.GetRawText(), patience, deadline.Token);

        context.Response.ContentType = MediaTypes.Json;
        while (await Task.WhenAny(running, Task.Delay(SignOfLife, time, context.RequestAborted)) != running && !context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.WriteAsync(" ", context.RequestAborted);
        }

        string result;
        try
        {
            result = await running;
        }
        catch (Exception lost) when (!context.RequestAborted.IsCancellationRequested && lost is FleetException or OperationCanceledException)
        {
            if (lost is not FleetException { IsTransient: false } && !context.Response.HasStarted) throw Late(lost is OperationCanceledException ? "No worker ran the program in time." : lost.Message);
            result = JsonSerializer.Serialize(new { status = "SandboxError", message = lost.Message, compile_result = (object?)null, run_result = (object?)null, executor_pod_name = (string?)null, files = new Dictionary<string, string>() });
        }

        await context.Response.WriteAsync(result, Encoding.UTF8, context.RequestAborted);
    }

    private async Task<string> ResultAsync(string request, TimeSpan patience, CancellationToken cancellation)
    {
        var domain = scoring.Run.Domains.FirstOrDefault(one => one.ServedBy == Domains.CodeSandbox && one.NotBuilt is null)
            ?? throw new FleetException($"This fleet has no domain that {Domains.CodeSandbox} workers serve.");
        var argument = DataProto.Of([], [new(RunCodeKeys.Request, ValueColumn.OfJsonText([request]))]);
        var reply = await scoring.CallAnyAsync(domain, RunCodeKeys.Method, argument, patience, cancellation);
        return reply.NonTensorBatch.GetValueOrDefault(RunCodeKeys.Answer)?.Text(0) ?? throw new FleetException("The worker gave no result.", isTransient: true);
    }

    private GatewayFault Late(string sentence) => new(StatusCodes.Status504GatewayTimeout, "late", sentence, options.RetryAfter);

    private static double Seconds(JsonElement body, string name) => body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? Math.Max(0, value.GetDouble()) : DefaultSeconds;
}
