using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fleet.Integration.Tests.Judging;

/// <summary>A judge's endpoint on loopback that answers what its script says.</summary>
internal sealed class ScriptedJudge : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedJudge(WebApplication app) => _app = app;

    public ConcurrentQueue<ScriptedRequest> Requests { get; } = new();

    public string Url => _app.Urls.First() + "/v1";

    /// <summary>Starts a judge whose script gets each request, counted from 0.</summary>
    public static async Task<ScriptedJudge> StartAsync(Func<ScriptedRequest, HttpContext, Task> script)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MinResponseDataRate = null;
        });
        var app = builder.Build();
        var judge = new ScriptedJudge(app);
        var count = -1;
        app.MapPost("/v1/chat/completions", async context =>
        {
            var body = await JsonNode.ParseAsync(context.Request.Body);
            var request = new ScriptedRequest(Interlocked.Increment(ref count), body!, context.Request.Headers.Authorization.ToString());
            judge.Requests.Enqueue(request);
            await script(request, context);
        });
        await app.StartAsync();
        return judge;
    }

    /// <summary>Starts a judge that says this, whatever it is asked.</summary>
    public static Task<ScriptedJudge> SayingAsync(string? content, string finish = "stop", string? refusal = null) =>
        StartAsync((_, context) => SayAsync(context, content, finish, refusal));

    /// <summary>Answers with a chat completion.</summary>
    public static Task SayAsync(HttpContext context, string? content, string finish = "stop", string? refusal = null, JsonObject? logProbabilities = null) =>
        WriteAsync(context, 200, new JsonObject
        {
            ["id"] = "chatcmpl-1",
            ["object"] = "chat.completion",
            ["created"] = 1,
            ["model"] = "scripted",
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["finish_reason"] = finish,
                ["logprobs"] = logProbabilities,
                ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = content, ["refusal"] = refusal },
            }),
            ["usage"] = new JsonObject { ["prompt_tokens"] = 100, ["completion_tokens"] = 2, ["total_tokens"] = 102 },
        }.ToJsonString());

    public static Task WriteAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body)).AsTask();
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}

/// <summary>What a scripted judge was asked.</summary>
internal sealed record ScriptedRequest(int Number, JsonNode Body, string Authorization)
{
    public string Text => (string)Body["messages"]!.AsArray()[^1]!["content"]! is { } text ? text : throw new JsonException("no content");
}
