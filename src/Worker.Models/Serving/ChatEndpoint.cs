using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Worker.Models.Chat;
using Fleet.Worker.Models.Generation;

namespace Fleet.Worker.Models.Serving;

/// <summary>Chat completions: one conversation in, one or several answers out.</summary>
internal sealed class ChatEndpoint : IAsyncDisposable
{
    private const int MostAnswers = 64;
    private const int MostTopTokens = 20;
    private const int UsualNewTokens = 512;

    private readonly string _name;
    private readonly LocalModel _model;
    private readonly ChatFormat _format;
    private readonly BatchQueue<GenerationRequest, Generated> _queue;
    private long _count;

    public ChatEndpoint(string name, LocalModel model, int batchSize)
    {
        _name = name;
        _model = model;
        _format = model.Chat;
        _queue = new BatchQueue<GenerationRequest, Generated>(model.Generate, batchSize);
    }

    public async Task<JsonObject> AnswerAsync(JsonObject body, CancellationToken cancellationToken)
    {
        if (body["stream"] is { } stream && stream.GetValueKind() == JsonValueKind.True) throw new RequestException("Answers are not streamed here; send stream: false.");
        var thinks = body["chat_template_kwargs"]?["enable_thinking"] is { } enabled && enabled.GetValueKind() == JsonValueKind.True;
        var prompt = _format.Encode(Messages(body), thinks, most: _model.MaxTokens);
        var wanted = Whole(body, "n", 1, 1, MostAnswers);
        var most = Whole(body, "max_completion_tokens", Whole(body, "max_tokens", Math.Min(UsualNewTokens, Math.Max(1, _model.MaxTokens - prompt.Count)), 1, int.MaxValue), 1, int.MaxValue);
        if (prompt.Count + (long)most > _model.MaxTokens) throw new RequestException($"The conversation with {most} tokens to come is too long; the model takes {_model.MaxTokens}.");

        var probabilities = body["logprobs"]?.GetValueKind() == JsonValueKind.True;
        var request = new GenerationRequest(prompt)
        {
            MaxNewTokens = most,
            Temperature = Number(body, "temperature", 1),
            TopP = Number(body, "top_p", 1),
            TopK = Math.Max(0, Whole(body, "top_k", 0, -1, int.MaxValue)),
            Seed = Whole(body, "seed", 0, int.MinValue, int.MaxValue),
            Stop = Texts(body["stop"]),
            TopLogProbabilities = probabilities ? Math.Max(1, Whole(body, "top_logprobs", 1, 0, MostTopTokens)) : 0,
            Abandoned = cancellationToken,
        };
        if (request.Fault is { } fault) throw new RequestException(fault);
        var answers = await Task.WhenAll(Enumerable.Range(0, wanted).Select(i => _queue.AskAsync(request with { Seed = request.Seed + i }, cancellationToken)));
        return Completion(prompt.Count, answers, probabilities);
    }

    public ValueTask DisposeAsync() => _queue.DisposeAsync();

    private JsonObject Completion(int promptTokens, Generated[] answers, bool probabilities)
    {
        var choices = new JsonArray();
        foreach (var (answer, i) in answers.Select((answer, i) => (answer, i)))
        {
            choices.Add(new JsonObject
            {
                ["index"] = i,
                ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = answer.Text },
                ["finish_reason"] = answer.End == GenerationEnd.Length ? "length" : "stop",
                ["logprobs"] = probabilities ? new JsonObject { ["content"] = new JsonArray([.. answer.Steps.Select(step => (JsonNode)Step(step))]) } : null,
            });
        }

        var tokens = answers.Sum(answer => answer.Tokens.Count);
        return new JsonObject
        {
            ["id"] = $"chatcmpl-{Interlocked.Increment(ref _count)}",
            ["object"] = "chat.completion",
            ["created"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
            ["model"] = _name,
            ["choices"] = choices,
            ["usage"] = new JsonObject { ["prompt_tokens"] = promptTokens, ["completion_tokens"] = tokens, ["total_tokens"] = promptTokens + tokens },
        };
    }

    private JsonObject Step(GenerationStep step)
    {
        var result = Token(step.Token, step.LogProbability);
        result["top_logprobs"] = new JsonArray([.. step.Likeliest.Select(t => (JsonNode)Token(t.Token, t.LogProbability))]);
        return result;
    }

    private JsonObject Token(int token, double logProbability) => new()
    {
        ["token"] = _model.Text([token], skipSpecialTokens: false),

        // JSON has no infinity; OpenAI writes this number for it.
        ["logprob"] = double.IsFinite(logProbability) ? logProbability : -9999.0,
        ["bytes"] = null,
    };

    private static List<(string Role, string Content)> Messages(JsonObject body)
    {
        if (body["messages"] is not JsonArray { Count: > 0 } list) throw new RequestException("messages is missing: a list of messages with role and content.");
        List<(string, string)> messages = [];
        foreach (var item in list)
        {
            if (item is not JsonObject message || message["role"]?.GetValueKind() != JsonValueKind.String) throw new RequestException("A message has no role.");
            var content = message["content"] switch
            {
                null => "",
                JsonArray parts => string.Concat(parts.Select(part => (part as JsonObject)?["text"]?.GetValue<string>())),
                var text => text.GetValue<string>(),
            };
            messages.Add((message["role"]!.GetValue<string>(), content));
        }

        return messages;
    }

    private static IReadOnlyList<string> Texts(JsonNode? node) => node switch
    {
        null => [],
        JsonArray list => [.. list.Select(item => item!.GetValue<string>())],
        _ => [node.GetValue<string>()],
    };

    private static int Whole(JsonObject body, string name, int otherwise, int least, int most)
    {
        if (body[name] is not { } value) return otherwise;
        var number = value.GetValueKind() == JsonValueKind.Number ? value.GetValue<double>() : double.NaN;
        return number >= least && number <= most && number == Math.Floor(number) ? (int)number : throw new RequestException($"{name} is {value.ToJsonString()}; expected is a whole number from {least} to {most}.");
    }

    private static double Number(JsonObject body, string name, double otherwise) =>
        body[name] is not { } value ? otherwise : value.GetValueKind() == JsonValueKind.Number ? value.GetValue<double>() : throw new RequestException($"{name} is {value.ToJsonString()}; expected is a number.");
}
