using System.Net;
using Fleet.Messaging.Budgets;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Fleet.Worker.Judging;

/// <summary>The HTTP client of one judge: attempts with back-off around endpoints with deadlines and circuit breakers.</summary>
internal static class JudgeHttp
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(20);

    /// <summary>Creates the client.</summary>
    /// <param name="options">The judge.</param>
    /// <param name="budget">What the judge's account allows; null for no limit.</param>
    /// <param name="time">The clock of all delays and deadlines.</param>
    /// <param name="jitter">Spreads the repetitions of requests that failed together.</param>
    /// <param name="transport">What carries the attempts; null for sockets of its own.</param>
    public static HttpClient Create(JudgeOptions options, IRateBudget? budget, TimeProvider time, Random jitter, HttpMessageHandler? transport = null)
    {
        var failover = new FailoverHandler(options, budget, time, jitter, transport ?? Sockets(options));
        HttpMessageHandler outermost = options.Attempts == 1 ? failover : new ResilienceHandler(Retries(options, failover, time, jitter)) { InnerHandler = failover };
        return new HttpClient(outermost) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private static SocketsHttpHandler Sockets(JudgeOptions options) => new()
    {
        // A redirect would carry the key and the rows to wherever it points.
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = options.AttemptTimeout < TimeSpan.FromSeconds(10) ? options.AttemptTimeout : TimeSpan.FromSeconds(10),
        MaxConnectionsPerServer = options.Concurrency,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
    };

    private static ResiliencePipeline<HttpResponseMessage> Retries(JudgeOptions options, FailoverHandler failover, TimeProvider time, Random jitter) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = options.Attempts - 1,

                // What an endpoint asks for is kept by the endpoint's route, for all requests and not for this one alone.
                ShouldRetryAfterHeader = false,
                ShouldHandle = args => ValueTask.FromResult(IsWorthAnother(args.Outcome, failover)),
                DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(Delay(args.AttemptNumber, failover, jitter)),
            })
            .Build();

    private static bool IsWorthAnother(Outcome<HttpResponseMessage> outcome, FailoverHandler failover) => outcome switch
    {
        { Exception: NoTimeLeftException } => false,
        { Exception: { } fault } => fault is HttpRequestException or TimeoutRejectedException or BrokenCircuitException,
        { Result.IsSuccessStatusCode: true } => false,
        { Result.StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError } => true,

        // This endpoint will say the same again, another one may know the model or the key.
        _ => JudgeCall.Current is { } call && failover.HasUntried(call),
    };

    private static TimeSpan Delay(int attempt, FailoverHandler failover, Random jitter)
    {
        double spread;
        lock (jitter) spread = jitter.NextDouble();
        if (JudgeCall.Current is { } call && failover.HasUntried(call)) return FirstDelay * spread * 0.1;
        var delay = FirstDelay * Math.Pow(2, Math.Min(attempt, 16));
        return (delay < LongestDelay ? delay : LongestDelay) * (0.5 + (spread / 2));
    }
}

/// <summary>An endpoint asked us to wait for longer than the row has.</summary>
internal sealed class NoTimeLeftException(string message) : HttpRequestException(message);
