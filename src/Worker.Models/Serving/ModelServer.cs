using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Worker.Judging;
using Fleet.Worker.Models.Network;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Worker.Models.Serving;

/// <summary>Serves one local model as an OpenAI-compatible API (<c>/v1/chat/completions</c>) or as a reward model in vLLM's form (<c>/classify</c>).</summary>
/// <remarks>Requests that come together become batches. An engine made for serving is faster by far; this is for small models and trials.</remarks>
public sealed class ModelServer : IAsyncDisposable
{
    private readonly string _name;
    private readonly LocalModel _model;
    private readonly JudgeKey? _key;
    private readonly ChatEndpoint? _chat;
    private readonly ClassifyEndpoint? _classify;

    /// <summary>Creates a server for a model, which stays its owner's.</summary>
    /// <param name="name">The name that requests may give as <c>model</c>.</param>
    /// <param name="model">The model.</param>
    /// <param name="batchSize">The most requests in one pass.</param>
    /// <param name="key">What callers have to send as a bearer token; null lets everybody in.</param>
    /// <exception cref="ModelException">The folder has no tokenizer, or a chat template of an unknown form.</exception>
    public ModelServer(string name, LocalModel model, int batchSize = 16, JudgeKey? key = null)
    {
        _name = name;
        _model = model;
        _key = key;
        if (model.Tokenizer is null) throw new ModelException($"There is no tokenizer in {model.Path}, and callers send text.");
        if (model.Config.Task == ModelTask.Causal) _chat = new ChatEndpoint(name, model, batchSize);
        else _classify = new ClassifyEndpoint(name, model, batchSize);
    }

    /// <summary>Adds the endpoints.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", () => Results.Ok());
        routes.MapGet("/v1/models", () => Results.Json(new { @object = "list", data = new[] { new { id = _name, @object = "model", max_model_len = _model.MaxTokens } } }));
        routes.MapPost("/v1/chat/completions", context => AnswerAsync(context, _chat is null ? null : _chat.AnswerAsync, "This model scores and does not continue texts; it answers at /classify."));
        routes.MapPost("/classify", context => AnswerAsync(context, _classify is null ? null : _classify.AnswerAsync, "This model continues texts and does not score; it answers at /v1/chat/completions."));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_chat is not null) await _chat.DisposeAsync();
        if (_classify is not null) await _classify.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context, Func<JsonObject, CancellationToken, Task<JsonObject>>? endpoint, string otherwise)
    {
        if (!IsLetIn(context.Request))
        {
            await FailAsync(context, StatusCodes.Status401Unauthorized, "invalid_api_key", "The bearer token is missing or wrong.");
            return;
        }

        if (endpoint is null)
        {
            await FailAsync(context, StatusCodes.Status400BadRequest, "invalid_request_error", otherwise);
            return;
        }

        try
        {
            var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) as JsonObject ?? throw new RequestException("The body is no JSON object.");
            var answer = await endpoint(body, context.RequestAborted);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
        }
        catch (Exception fault) when (fault is RequestException or JsonException or FormatException or InvalidOperationException)
        {
            await FailAsync(context, StatusCodes.Status400BadRequest, "invalid_request_error", fault.Message);
        }
        catch (ModelException fault)
        {
            await FailAsync(context, StatusCodes.Status503ServiceUnavailable, "server_error", fault.Message);
        }
    }

    // Compared in constant time, so that an answer's delay tells nothing of the key.
    private bool IsLetIn(HttpRequest request) =>
        _key is null || CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString()), Encoding.UTF8.GetBytes($"Bearer {_key.Reveal()}"));

    private static Task FailAsync(HttpContext context, int status, string type, string message)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { error = new { message, type } }, context.RequestAborted);
    }
}

/// <summary>A request asks for something that cannot be: the caller's fault.</summary>
internal sealed class RequestException(string message) : Exception(message);
