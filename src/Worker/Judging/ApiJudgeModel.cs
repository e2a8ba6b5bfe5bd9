using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Fleet.Rewards;
using Fleet.Rewards.Judge;
using Fleet.Rewards.Judge.Verdicts;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using Polly.CircuitBreaker;
using Polly.Timeout;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Fleet.Worker.Judging;

/// <summary>A judge behind an OpenAI-compatible API: a service, vLLM, SGLang, or <c>fleet model</c>.</summary>
internal sealed class ApiJudgeModel : IJudgeModel
{
    private const int TopTokens = 20;
    private const int CharsPerToken = 3;
    private const int UsualAnswerTokens = 512;

    // Requests go to the endpoint that is ready; this address only says which operation is meant.
    private static readonly Uri AnyEndpoint = new("http://judge.invalid/v1");

    private readonly JudgeOptions _options;
    private readonly HttpClient _http;
    private readonly IChatClient _client;

    public ApiJudgeModel(JudgeOptions options, IRateBudget budget, TimeProvider time, Random jitter)
    {
        _options = options;
        _http = JudgeHttp.Create(options, budget, time, jitter);
        _client = new ChatClient(
            options.Model,
            new ApiKeyCredential("replaced-by-the-endpoint's"),
            new OpenAIClientOptions
            {
                Endpoint = AnyEndpoint,
                NetworkTimeout = Timeout.InfiniteTimeSpan,
                RetryPolicy = new ClientRetryPolicy(0),
                Transport = new HttpClientPipelineTransport(_http),
                ClientLoggingOptions = new ClientLoggingOptions { EnableLogging = false },
            }).AsIChatClient();
    }

    public string Name => _options.Name;

    public string Identity => FormattableString.Invariant($"{_options.Model}|{string.Join(' ', _options.Endpoints.Select(e => e.Url))}|{_options.Temperature}|{_options.TopP}|{_options.MaxTokens}");

    public long ExpectedTokens(IReadOnlyList<JudgeMessage> messages) => (messages.Sum(m => (long)m.Content.Length) / CharsPerToken) + (_options.MaxTokens ?? UsualAnswerTokens);

    public async Task<JudgeReply> AskAsync(JudgeQuestion question, CancellationToken cancellationToken)
    {
        var call = new JudgeCall { Deadline = question.Deadline };
        JudgeCall.Current = call;
        try
        {
            var response = await _client.GetResponseAsync(question.Messages.Select(m => new ChatMessage(new ChatRole(m.Role), m.Content)), Options(question), cancellationToken);
            return new JudgeReply(Answer(response), default, Usage(response.Usage, call));
        }
        catch (ClientResultException fault) when (fault.InnerException is NoTimeLeftException)
        {
            return Failed(JudgeFaults.RateLimited, fault.InnerException.Message, call);
        }
        catch (ClientResultException fault)
        {
            var code = fault.Status switch { 429 => JudgeFaults.RateLimited, >= 400 and < 500 => JudgeFaults.Rejected, _ => JudgeFaults.Unavailable };
            return Failed(code, fault.Message, call);
        }
        catch (Exception fault) when (fault is HttpRequestException or TimeoutRejectedException or BrokenCircuitException)
        {
            return Failed(JudgeFaults.Unavailable, call.Failures.Length > 0 ? "" : fault.Message, call);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException or ArgumentException or KeyNotFoundException)
        {
            // The body is a completion by its outline but not in its details, and the client could not read it.
            return Failed(JudgeFaults.Unavailable, $"the answer cannot be read: {fault.Message}", call);
        }
        finally
        {
            JudgeCall.Current = null;
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }

    private ChatOptions Options(JudgeQuestion question) => new()
    {
        Temperature = _options.Temperature,
        TopP = _options.TopP,
        MaxOutputTokens = _options.MaxTokens,
        Seed = _options.Temperature is 0 ? null : question.Seed,
        RawRepresentationFactory = question.WantsFirstToken ? _ => new ChatCompletionOptions { IncludeLogProbabilities = true, TopLogProbabilityCount = TopTokens } : null,
    };

    private static JudgeAnswer Answer(ChatResponse response)
    {
        var raw = response.RawRepresentation as ChatCompletion;
        var first = raw?.ContentTokenLogProbabilities is { Count: > 0 } tokens ? tokens[0] : null;
        var stop = response.FinishReason == ChatFinishReason.Length ? JudgeStop.Length : response.FinishReason == ChatFinishReason.ContentFilter ? JudgeStop.Filtered : JudgeStop.Finished;
        return new JudgeAnswer(raw is null ? response.Text : string.Concat(raw.Content.Select(part => part.Text)), stop)
        {
            Refusal = string.IsNullOrEmpty(raw?.Refusal) ? null : raw.Refusal,
            FirstToken = first is null ? [] : [.. first.TopLogProbabilities.Select(t => new TokenLogProbability(t.Token, t.LogProbability))],
        };
    }

    private JudgeUsage Usage(UsageDetails? usage, JudgeCall call)
    {
        long prompt = usage?.InputTokenCount ?? 0, completion = usage?.OutputTokenCount ?? 0;
        return new JudgeUsage(call.Attempts, prompt, completion, ((prompt * _options.Prices.Prompt) + (completion * _options.Prices.Completion)) / 1e6);
    }

    private JudgeReply Failed(string code, string what, JudgeCall call)
    {
        var text = call.Failures.Length > 0 && what.Length > 0 ? $"{call.Failures}; {what}" : call.Failures + what;
        foreach (var endpoint in _options.Endpoints) text = endpoint.Key?.Scrub(text) ?? text;
        return new JudgeReply(null, new Reason(code, $"Judge {Name} did not answer in {call.Attempts} attempts: {VerdictReader.Clip(text, 400)}"), new JudgeUsage(call.Attempts, 0, 0, 0));
    }
}
