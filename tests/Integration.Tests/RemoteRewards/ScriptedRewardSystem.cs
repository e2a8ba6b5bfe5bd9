using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fleet.Integration.Tests.RemoteRewards;

/// <summary>A remote reward system on loopback that answers what its scripts say.</summary>
internal sealed class ScriptedRewardSystem : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedRewardSystem(WebApplication app) => _app = app;

    /// <summary>What was handed in, with its two headers.</summary>
    public ConcurrentQueue<(JsonNode Body, string Authorization, string BusinessType)> Tasks { get; } = new();

    /// <summary>Questions for results.</summary>
    public ConcurrentQueue<JsonNode> Questions { get; } = new();

    public string SubmitUrl => _app.Urls.First() + "/v1/submit_task";

    public string ResultUrl => _app.Urls.First() + "/v1/task_result";

    /// <summary>Starts a system; scripts get the number of the task or question, from 0, and give a status and a body.</summary>
    public static async Task<ScriptedRewardSystem> StartAsync(Func<int, (int, string)> submit, Func<int, (int, string)> result)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var system = new ScriptedRewardSystem(app);
        var (tasks, questions) = (-1, -1);
        app.MapPost("/v1/submit_task", async context =>
        {
            system.Tasks.Enqueue(((await JsonNode.ParseAsync(context.Request.Body))!, context.Request.Headers["XRL-Authorization"].ToString(), context.Request.Headers["BusinessType"].ToString()));
            await AnswerAsync(context, submit(Interlocked.Increment(ref tasks)));
        });
        app.MapGet("/v1/task_result", async context =>
        {
            system.Questions.Enqueue((await JsonNode.ParseAsync(context.Request.Body))!);
            await AnswerAsync(context, result(Interlocked.Increment(ref questions)));
        });
        await app.StartAsync();
        return system;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private static async Task AnswerAsync(HttpContext context, (int Status, string Body) answer)
    {
        context.Response.StatusCode = answer.Status;
        await context.Response.WriteAsync(answer.Body);
    }
}
