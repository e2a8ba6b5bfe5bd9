using System.Net;
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
    /// <param name="budget">Where a repeated request is counted.</param>
    /// <param name="time">The clock of all delays and deadlines.</param>
    /// <param name="jitter">Spreads the repetitions of requests that failed together.</param>
    public static HttpClient Create(JudgeOptions options, IRateBudget budget, TimeProvider time, Random jitter)
    {
        var sockets = new SocketsHttpHandler
        {
            // A redirect would carry the key and the rows to wherever it points.
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = options.AttemptTimeout < TimeSpan.FromSeconds(10) ? options.AttemptTimeout : TimeSpan.FromSeconds(10),
            MaxConnectionsPerServer = options.Concurrency,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        };
        var failover = new FailoverHandler(options, time, jitter, sockets);
        HttpMessageHandler outermost = options.Attempts == 1 ? failover : new ResilienceHandler(Retries(options, failover, budget, time, jitter)) { InnerHandler = failover };
        return new HttpClient(outermost) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private static ResiliencePipeline<HttpResponseMessage> Retries(JudgeOptions options, FailoverHandler failover, IRateBudget budget, TimeProvider time, Random jitter) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = options.Attempts - 1,

                // What an endpoint asks for is kept by the endpoint's route, for all requests and not for this one alone.
                ShouldRetryAfterHeader = false,
                ShouldHandle = args => ValueTask.FromResult(IsWorthAnother(args.Outcome, failover)),
                DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(Delay(args.AttemptNumber, failover, jitter)),
                OnRetry = async args => await budget.AcquireAsync(options.Name, 0, args.Context.CancellationToken),
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
