using System.Net;
using System.Net.Http.Headers;
using Fleet.Messaging.Budgets;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Fleet.Worker.Judging;

/// <summary>Sends each attempt to the best of a judge's endpoints: the first that is neither broken nor asked us to wait, and did not fail this request before.</summary>
/// <remarks>
/// An attempt takes its permit from the account's budget here and nowhere else: after every other wait, at the moment when it
/// leaves. What was sent has used its tokens, however it ended, until the judge says how many they were.
/// </remarks>
internal sealed class FailoverHandler : DelegatingHandler
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    // Requests that were told to wait come back one after the other, not all at once.
    private static readonly TimeSpan MostSpread = TimeSpan.FromSeconds(0.5);

    private readonly EndpointRoute[] _routes;
    private readonly IRateBudget? _budget;
    private readonly TimeProvider _time;
    private readonly Random _jitter;

    public FailoverHandler(JudgeOptions options, IRateBudget? budget, TimeProvider time, Random jitter, HttpMessageHandler inner) : base(inner)
    {
        _budget = budget;
        _time = time;
        _jitter = jitter;
        _routes = [.. options.Endpoints.Select((endpoint, i) => new EndpointRoute(i, endpoint, options.AttemptTimeout, time))];
    }

    /// <summary>Whether another endpoint than those that failed this call is left.</summary>
    public bool HasUntried(JudgeCall call) => _routes.Any(route => call.FailuresOf(route.Index) == 0);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = JudgeCall.Current ?? new JudgeCall();
        var route = await AdmittedRouteAsync(call, cancellationToken);
        request.RequestUri = route.Endpoint.ChatUrl;
        request.Headers.Authorization = route.Endpoint.Key is { } key ? new AuthenticationHeaderValue("Bearer", key.Reveal()) : null;
        try
        {
            var response = await route.Pipeline.ExecuteAsync(
                async token =>
                {
                    call.Begin();
                    return await SendBufferedAsync(request, token);
                },
                cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                call.Failed(route.Index, $"http {(int)response.StatusCode} from {route.Name}");
                if (response.StatusCode == HttpStatusCode.TooManyRequests || response.Headers.RetryAfter is not null) route.WaitUntil(Asked(response.Headers.RetryAfter));
            }

            return response;
        }
        catch (BrokenCircuitException)
        {
            _budget?.GiveBack(call.ExpectedTokens);
            call.Failed(route.Index, $"{route.Name} is resting after too many failures");
            throw;
        }
        catch (Exception fault) when (fault is HttpRequestException or TimeoutRejectedException)
        {
            call.Failed(route.Index, fault is TimeoutRejectedException timeout ? $"no answer from {route.Name} in {timeout.Timeout.TotalSeconds:0.###} s" : $"{route.Name}: {fault.Message}");
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

    private async Task<EndpointRoute> AdmittedRouteAsync(JudgeCall call, CancellationToken cancellationToken)
    {
        while (true)
        {
            await AnyReadyAsync(call, cancellationToken);
            if (_budget is not null) await PermitAsync(_budget, call, cancellationToken);
            var route = Best(call);
            if (route.ReadyAt <= _time.GetUtcNow()) return route;

            // The endpoints asked to wait meanwhile, and a permit is for now: it is lost, and only the tokens are still there.
            _budget?.GiveBack(call.ExpectedTokens);
        }
    }

    // Waiting for the account is no time spent on the row.
    private static ValueTask PermitAsync(IRateBudget budget, JudgeCall call, CancellationToken cancellationToken) =>
        call.Clock is { } clock ? clock.StandStillAsync(budget.TakeAsync(call.ExpectedTokens, cancellationToken)) : budget.TakeAsync(call.ExpectedTokens, cancellationToken);

    private async Task AnyReadyAsync(JudgeCall call, CancellationToken cancellationToken)
    {
        while (true)
        {
            var route = Best(call);
            var wait = route.ReadyAt - _time.GetUtcNow();
            if (wait <= TimeSpan.Zero) return;
            if (call.Clock is { } clock && clock.Left <= wait) throw new NoTimeLeftException($"{route.Name} asked to wait for {wait.TotalSeconds:0.#} s, longer than the row has");

            double spread;
            lock (_jitter) spread = _jitter.NextDouble();
            await Task.Delay(wait + (MostSpread * spread), _time, cancellationToken);
        }
    }

    // Endpoints that can answer now come first, then those that did not fail this call, then the order of the configuration.
    private EndpointRoute Best(JudgeCall call)
    {
        var now = _time.GetUtcNow();
        return _routes.OrderBy(r => Later(r.ReadyAt, now)).ThenBy(r => r.IsBroken).ThenBy(r => call.FailuresOf(r.Index)).ThenBy(r => r.Index).First();
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private DateTimeOffset Asked(RetryConditionHeaderValue? header)
    {
        var now = _time.GetUtcNow();
        var wait = header?.Delta ?? (header?.Date is { } date ? date - now : TimeSpan.Zero);
        return now + (wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait);
    }
}
