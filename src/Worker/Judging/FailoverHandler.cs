using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Fleet.Worker.Judging;

/// <summary>Sends each attempt to the best of a judge's endpoints: the first that is neither broken nor asked us to wait, and did not fail this request before.</summary>
internal sealed class FailoverHandler : DelegatingHandler
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    // Requests that were told to wait come back one after the other, not all at once.
    private static readonly TimeSpan MostSpread = TimeSpan.FromSeconds(0.5);

    private readonly Route[] _routes;
    private readonly TimeProvider _time;
    private readonly Random _jitter;

    public FailoverHandler(JudgeOptions options, TimeProvider time, Random jitter, HttpMessageHandler inner) : base(inner)
    {
        _time = time;
        _jitter = jitter;
        _routes = [.. options.Endpoints.Select((endpoint, i) => new Route(i, endpoint, options.AttemptTimeout, time))];
    }

    /// <summary>Whether another endpoint than those that failed this call is left.</summary>
    public bool HasUntried(JudgeCall call) => _routes.Any(route => call.FailuresOf(route.Index) == 0);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = JudgeCall.Current ?? new JudgeCall();
        var route = await ReadyRouteAsync(call, cancellationToken);
        call.Begin();

        // The client asks one imaginary address; the operation is what follows it.
        var operation = request.RequestUri!.AbsolutePath;
        request.RequestUri = new Uri(route.Endpoint.Url.AbsoluteUri.TrimEnd('/') + operation[operation.IndexOf("/chat/", StringComparison.Ordinal)..]);
        request.Headers.Authorization = route.Endpoint.Key is { } key ? new AuthenticationHeaderValue("Bearer", key.Reveal()) : null;
        try
        {
            var response = await route.Pipeline.ExecuteAsync(async token => await SendBufferedAsync(request, token), cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                call.Failed(route.Index, $"http {(int)response.StatusCode} from {route.Name}");
                if (response.StatusCode == HttpStatusCode.TooManyRequests || response.Headers.RetryAfter is not null) route.WaitUntil(Asked(response.Headers.RetryAfter));
            }

            return response;
        }
        catch (Exception fault) when (fault is HttpRequestException or TimeoutRejectedException or BrokenCircuitException)
        {
            call.Failed(route.Index, fault switch
            {
                TimeoutRejectedException timeout => $"no answer from {route.Name} in {timeout.Timeout.TotalSeconds:0.###} s",
                BrokenCircuitException => $"{route.Name} is resting after too many failures",
                _ => $"{route.Name}: {fault.Message}",
            });
            throw;
        }
    }

    // The body belongs to the attempt: a connection cut in the middle of it is an attempt that failed.
    private async Task<HttpResponseMessage> SendBufferedAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
        }
        catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException("no connection in time", fault);
        }

        try
        {
            await CompletionBody.CheckAsync(response, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    // Endpoints that can answer now come first, then those that did not fail this call, then the order of the configuration.
    private async Task<Route> ReadyRouteAsync(JudgeCall call, CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = _time.GetUtcNow();
            var route = _routes.OrderBy(r => Later(r.ReadyAt, now)).ThenBy(r => r.IsBroken).ThenBy(r => call.FailuresOf(r.Index)).ThenBy(r => r.Index).First();
            var wait = route.ReadyAt - now;
            if (wait <= TimeSpan.Zero) return route;
            if (call.Deadline is { } deadline && _time.GetElapsedTime(_time.GetTimestamp(), deadline) <= wait)
                throw new NoTimeLeftException($"{route.Name} asked to wait for {wait.TotalSeconds:0.#} s, longer than the row has");

            double spread;
            lock (_jitter) spread = _jitter.NextDouble();
            await Task.Delay(wait + (MostSpread * spread), _time, cancellationToken);
        }
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private DateTimeOffset Asked(RetryConditionHeaderValue? header)
    {
        var now = _time.GetUtcNow();
        var wait = header?.Delta ?? (header?.Date is { } date ? date - now : TimeSpan.Zero);
        return now + (wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait);
    }

    private sealed class Route
    {
        private readonly CircuitBreakerStateProvider _circuit = new();
        private long _waitUntilTicks;

        public Route(int index, JudgeEndpoint endpoint, TimeSpan attemptTimeout, TimeProvider time)
        {
            Index = index;
            Endpoint = endpoint;
            Name = endpoint.Url.Authority;
            Pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
                .AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
                {
                    StateProvider = _circuit,
                    FailureRatio = 0.5,
                    MinimumThroughput = 20,
                    SamplingDuration = TimeSpan.FromSeconds(30),
                    BreakDuration = TimeSpan.FromSeconds(5),

                    // "Too many requests" is the word of an endpoint that works.
                    ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is HttpRequestException or TimeoutRejectedException || args.Outcome.Result is { StatusCode: >= HttpStatusCode.InternalServerError }),
                })
                .AddTimeout(new HttpTimeoutStrategyOptions { Timeout = attemptTimeout })
                .Build();
        }

        public int Index { get; }

        public JudgeEndpoint Endpoint { get; }

        public string Name { get; }

        public ResiliencePipeline<HttpResponseMessage> Pipeline { get; }

        public void WaitUntil(DateTimeOffset until) => Interlocked.Exchange(ref _waitUntilTicks, until.UtcTicks);

        public DateTimeOffset ReadyAt => new(Interlocked.Read(ref _waitUntilTicks), TimeSpan.Zero);

        public bool IsBroken => _circuit.CircuitState is CircuitState.Open or CircuitState.Isolated;
    }
}
