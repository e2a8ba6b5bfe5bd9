using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Fleet.Unit.Tests.Worker.Judging;

/// <summary>Carries a judge's requests to a script instead of an endpoint; requests are counted from 0.</summary>
internal sealed class ScriptedTransport(Func<int, Task<HttpResponseMessage>> script) : HttpMessageHandler
{
    private readonly List<(Uri Url, JsonNode Body)> _requests = [];

    public IReadOnlyList<(Uri Url, JsonNode Body)> Requests => _requests;

    /// <summary>Answers at once.</summary>
    public static ScriptedTransport Of(Func<int, HttpResponseMessage> script) => new(number => Task.FromResult(script(number)));

    /// <summary>A chat completion; with what it used, where the judge counts.</summary>
    public static HttpResponseMessage Says(string content, int? tokens = null)
    {
        var body = new JsonObject
        {
            ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["finish_reason"] = "stop", ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = content } }),
        };
        if (tokens is { } used) body["usage"] = new JsonObject { ["prompt_tokens"] = used - 1, ["completion_tokens"] = 1, ["total_tokens"] = used };
        return Json(HttpStatusCode.OK, body);
    }

    /// <summary>A status without more.</summary>
    public static HttpResponseMessage Status(int status, int? retryAfter = null)
    {
        var response = Json((HttpStatusCode)status, []);
        if (retryAfter is { } seconds) response.Headers.RetryAfter = new(TimeSpan.FromSeconds(seconds));
        return response;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // What carries the attempts never waits here, so that a test knows what was sent.
        var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(CancellationToken.None))!;
        int number;
        lock (_requests)
        {
            number = _requests.Count;
            _requests.Add((request.RequestUri!, body));
        }

        return await script(number).WaitAsync(cancellationToken);
    }

    private static HttpResponseMessage Json(HttpStatusCode status, JsonObject body) => new(status) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
}
