using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Fleet.Worker.Judging;

/// <summary>The way to one of a judge's endpoints: its deadline for an attempt, its circuit breaker, and how long it asked us to wait.</summary>
internal sealed class EndpointRoute
{
    private readonly CircuitBreakerStateProvider _circuit = new();
    private readonly Lock _lock = new();
    private DateTimeOffset _readyAt;

    public EndpointRoute(int index, JudgeEndpoint endpoint, TimeSpan attemptTimeout, TimeProvider time)
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

    /// <summary>Its place in the order of the configuration; from 0.</summary>
    public int Index { get; }

    public JudgeEndpoint Endpoint { get; }

    /// <summary>What it is called in messages: host and port.</summary>
    public string Name { get; }

    /// <summary>What an attempt goes through; an open circuit sends nothing.</summary>
    public ResiliencePipeline<HttpResponseMessage> Pipeline { get; }

    /// <summary>Whether it failed so often that it is left alone for a while.</summary>
    public bool IsBroken => _circuit.CircuitState is CircuitState.Open or CircuitState.Isolated;

    /// <summary>When it may be asked again.</summary>
    public DateTimeOffset ReadyAt
    {
        get
        {
            lock (_lock) return _readyAt;
        }
    }

    /// <summary>It asks to be left alone until then. What it asked for before, and is longer, stands.</summary>
    public void WaitUntil(DateTimeOffset until)
    {
        lock (_lock)
        {
            if (until > _readyAt) _readyAt = until;
        }
    }
}
