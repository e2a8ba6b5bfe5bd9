using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Fleet.Messaging.Budgets;
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
    private readonly IRateBudget? _budget;
    private readonly HttpClient _http;
    private readonly IChatClient _client;

    /// <summary>Creates a judge.</summary>
    /// <param name="options">How it is reached.</param>
    /// <param name="budget">What its account allows; null for no limit. Disposed with this object.</param>
    /// <param name="time">The clock of all delays and deadlines.</param>
    /// <param name="jitter">Spreads the repetitions of requests that failed together.</param>
    /// <param name="transport">What carries the attempts; null for sockets of its own.</param>
    public ApiJudgeModel(JudgeOptions options, IRateBudget? budget, TimeProvider time, Random jitter, HttpMessageHandler? transport = null)
    {
        _options = options;
        _budget = budget;
        _http = JudgeHttp.Create(options, budget, time, jitter, transport);
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

    public async Task<JudgeReply> AskAsync(JudgeQuestion question, CancellationToken cancellationToken)
    {
        var call = new JudgeCall { Clock = question.Clock, ExpectedTokens = ExpectedTokens(question) };
        JudgeCall.Current = call;
        try
        {
            var response = await _client.GetResponseAsync(question.Messages.Select(m => new ChatMessage(new ChatRole(m.Role), m.Content)), Options(question), cancellationToken);
            return new JudgeReply(Answer(response), default, Settled(response.Usage, call));
        }
        catch (ClientResultException fault) when (fault.InnerException is NoTimeLeftException)
        {
            return Failed(JudgeFaults.RateLimited, fault.InnerException.Message, call);
        }
        catch (BudgetAwayException away)
        {
            return Failed(JudgeFaults.RateLimited, away.Message, call);
        }
        catch (ClientResultException fault)
        {
            var code = fault.Status switch { 408 => JudgeFaults.Unavailable, 429 => JudgeFaults.RateLimited, >= 400 and < 500 => JudgeFaults.Rejected, _ => JudgeFaults.Unavailable };
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

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _http.Dispose();
        if (_budget is not null) await _budget.DisposeAsync();
    }

    private int? MostTokens(JudgeQuestion question) => question.WantsFirstToken ? 1 : _options.MaxTokens;

    private long ExpectedTokens(JudgeQuestion question) => (question.Messages.Sum(m => (long)m.Content.Length) / CharsPerToken) + (MostTokens(question) ?? UsualAnswerTokens);

    private ChatOptions Options(JudgeQuestion question) => new()
    {
        Temperature = _options.Temperature,
        TopP = _options.TopP,
        MaxOutputTokens = MostTokens(question),
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

    // A server that does not count leaves the budget with what was expected.
    private JudgeUsage Settled(UsageDetails? usage, JudgeCall call)
    {
        long prompt = usage?.InputTokenCount ?? 0, completion = usage?.OutputTokenCount ?? 0;
        if (prompt + completion > 0) _budget?.GiveBack(call.ExpectedTokens - prompt - completion);
        return new JudgeUsage(call.Attempts, prompt, completion, ((prompt * _options.Prices.Prompt) + (completion * _options.Prices.Completion)) / 1e6);
    }

    private JudgeReply Failed(string code, string what, JudgeCall call)
    {
        var text = call.Failures.Length > 0 && what.Length > 0 ? $"{call.Failures}; {what}" : call.Failures + what;
        foreach (var endpoint in _options.Endpoints) text = endpoint.Key?.Scrub(text) ?? text;
        return new JudgeReply(null, new Reason(code, $"Judge {Name} did not answer in {call.Attempts} attempts: {VerdictReader.Clip(text, 400)}"), new JudgeUsage(call.Attempts, 0, 0, 0));
    }
}
