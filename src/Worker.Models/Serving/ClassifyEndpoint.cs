using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.Worker.Models.Serving;

/// <summary>Scores of texts, as vLLM's <c>/classify</c> gives them: raw with <c>activation: false</c>, as probabilities otherwise.</summary>
internal sealed class ClassifyEndpoint(string name, LocalModel model, int batchSize) : IAsyncDisposable
{
    private readonly BatchQueue<IReadOnlyList<int>, float[]> _queue = new(model.LastOutputs, batchSize);
    private long _count;

    public async Task<JsonObject> AnswerAsync(JsonObject body, CancellationToken cancellationToken)
    {
        string[] texts = body["input"] switch
        {
            JsonArray { Count: > 0 } list => [.. list.Select(item => item!.GetValue<string>())],
            JsonValue text => [text.GetValue<string>()],
            _ => throw new RequestException("input is missing: a text or a list of texts."),
        };
        var activates = body["activation"]?.GetValueKind() != JsonValueKind.False;
        var rows = texts.Select(text => model.Tokenizer!.Encode(text)).ToList();
        foreach (var row in rows)
            if (row.Count == 0 || row.Count > model.MaxTokens) throw new RequestException($"A text has {row.Count} tokens; the model takes 1 to {model.MaxTokens}.");

        var outputs = await Task.WhenAll(rows.Select(row => _queue.AskAsync(row, cancellationToken)));
        if (!outputs.All(output => output.All(float.IsFinite))) throw new ModelException("The model's output is no finite number.");
        var tokens = rows.Sum(row => row.Count);
        return new JsonObject
        {
            ["id"] = $"classify-{Interlocked.Increment(ref _count)}",
            ["object"] = "list",
            ["created"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
            ["model"] = name,
            ["data"] = new JsonArray([.. outputs.Select((output, i) => (JsonNode)Scored(i, activates ? LabelProbabilities.Of(output) : [.. output.Select(score => (double)score)]))]),
            ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["completion_tokens"] = 0, ["total_tokens"] = tokens },
        };
    }

    public ValueTask DisposeAsync() => _queue.DisposeAsync();

    private JsonObject Scored(int index, double[] scores)
    {
        var best = Array.IndexOf(scores, scores.Max());
        return new JsonObject
        {
            ["index"] = index,
            ["label"] = model.Config.LabelNames.ElementAtOrDefault(best) ?? $"LABEL_{best}",
            ["probs"] = new JsonArray([.. scores.Select(score => (JsonNode)score)]),
            ["num_classes"] = scores.Length,
        };
    }
}
