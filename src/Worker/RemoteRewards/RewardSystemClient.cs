using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Worker.Judging;
using Fleet.Worker.Scoring;

namespace Fleet.Worker.RemoteRewards;

/// <summary>Hands tasks to a remote reward system and waits for their results.</summary>
/// <remarks>
/// Fails:   <see cref="RowFailure"/> with the last thing that the system said: an outage, a refusal or a missing score is never a score.
/// Source:  alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/rewards/remote_reward_system_worker.py, the wire.
/// Differs: every wait ends at the row's deadline, also when nothing answers at all; a score that never comes is a failure and not 0.
/// </remarks>
internal sealed class RewardSystemClient : IDisposable
{
    private const int StillRunning = 1;

    private readonly RewardSystemOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _jitter;
    private readonly HttpClient _http;
    private readonly SemaphoreSlim _turns;

    public RewardSystemClient(RewardSystemOptions options, TimeProvider time, Random jitter)
    {
        (_options, _time, _jitter) = (options, time, jitter);
        _turns = new SemaphoreSlim(options.Concurrency);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            MaxConnectionsPerServer = options.Concurrency,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Has one row scored; its time begins when it is its turn.</summary>
    /// <param name="task">The task, without its <c>timeout</c>.</param>
    /// <param name="cancellation">The caller gives up.</param>
    /// <returns>The score and what else the system said.</returns>
    /// <exception cref="RowFailure">No score came, with the last reason.</exception>
    public async Task<RemoteScore> ScoreAsync(JsonObject task, CancellationToken cancellation)
    {
        await _turns.WaitAsync(cancellation);
        try
        {
            return await ScoreInTimeAsync(task, cancellation);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _turns.Dispose();
    }

    private async Task<RemoteScore> ScoreInTimeAsync(JsonObject task, CancellationToken cancellation)
    {
        using var clock = new RowClock(_options.Timeout, _time, cancellation);
        var start = _time.GetTimestamp();
        var last = "nothing was sent";
        try
        {
            for (var attempt = 1; attempt <= _options.Attempts; attempt++)
            {
                if (attempt > 1) await Task.Delay(BackOff(attempt), _time, clock.Token);
                try
                {
                    // The system is told what is left, so that it gives up when we do.
                    task["timeout"] = Math.Max(1, (int)(_options.Timeout - _time.GetElapsedTime(start)).TotalSeconds);
                    var id = await SubmitAsync(task, clock.Token);
                    return await WaitAsync(id, reason => last = reason, clock.Token);
                }
                catch (RewardSystemException refused)
                {
                    last = refused.Message;
                }
            }
        }
        catch (OperationCanceledException) when (clock.IsOver)
        {
            throw new RowFailure("remote_timeout", $"The reward system gave no score within {_options.Timeout.TotalSeconds:0.#} s; the last of it: {last}");
        }

        throw new RowFailure("remote_failed", $"The reward system gave no score in {_options.Attempts} attempts; the last of it: {last}");
    }

    private async Task<string> SubmitAsync(JsonObject task, CancellationToken cancellation)
    {
        using var answer = await ExchangeAsync(HttpMethod.Post, _options.SubmitUrl, task.ToJsonString(), cancellation);
        var root = answer.RootElement;
        if (Code(root) != 0) throw new RewardSystemException($"the task was refused: errcode {Code(root)?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "missing"} {Text(root, "errmsg")}".TrimEnd());
        return Text(root, "reward_request_id") is { Length: > 0 } id ? id : throw new RewardSystemException("the task was taken without a reward_request_id");
    }

    private async Task<RemoteScore> WaitAsync(string id, Action<string> said, CancellationToken cancellation)
    {
        var question = new JsonObject { ["reward_request_id"] = id }.ToJsonString();
        while (true)
        {
            await Task.Delay(_options.PollEvery, _time, cancellation);
            try
            {
                // A GET with a body: the system's wire.
                using var answer = await ExchangeAsync(HttpMethod.Get, _options.ResultUrl, question, cancellation);
                var root = answer.RootElement;
                if (Code(root) == 0) return Read(root);
                said(Code(root) == StillRunning ? "the task is still running" : $"errcode {Code(root)} {Text(root, "errmsg")}".TrimEnd());
            }
            catch (RewardSystemException unanswered) when (!unanswered.IsFinal)
            {
                said(unanswered.Message);
            }
        }
    }

    private static RemoteScore Read(JsonElement root)
    {
        if (!root.TryGetProperty("reward_score", out var score) || score.ValueKind != JsonValueKind.Number || !double.IsFinite(score.GetDouble()))
        {
            throw new RewardSystemException($"the result has no reward_score that is a number: {Clip(root.GetRawText())}", isFinal: true);
        }

        // The spelling is the wire's.
        var dimensions = root.TryGetProperty("dimention_reward_score", out var given) && given.ValueKind == JsonValueKind.Object ? JsonObject.Create(given.Clone()) : null;
        return new RemoteScore(score.GetDouble(), dimensions);
    }

    private async Task<JsonDocument> ExchangeAsync(HttpMethod method, Uri url, string body, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var timer = _time.CreateTimer(_ => limit.Cancel(), null, _options.ExchangeTimeout, Timeout.InfiniteTimeSpan);
        using var request = new HttpRequestMessage(method, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (_options.Authorization is { } token) request.Headers.TryAddWithoutValidation("XRL-Authorization", "Bearer " + token.Reveal());
        request.Headers.TryAddWithoutValidation("BusinessType", _options.BusinessType);
        try
        {
            using var response = await _http.SendAsync(request, limit.Token);
            var text = await response.Content.ReadAsStringAsync(limit.Token);
            if (!response.IsSuccessStatusCode) throw new RewardSystemException($"http {(int)response.StatusCode} from {url.Authority}: {Scrub(text)}");
            var answer = JsonDocument.Parse(text);
            return answer.RootElement.ValueKind == JsonValueKind.Object ? answer : throw new JsonException();
        }
        catch (JsonException)
        {
            throw new RewardSystemException($"{url.Authority} answered something that is no JSON object");
        }
        catch (HttpRequestException unreachable)
        {
            throw new RewardSystemException($"{url.Authority} cannot be reached: {unreachable.Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new RewardSystemException($"{url.Authority} did not answer within {_options.ExchangeTimeout.TotalSeconds:0.#} s");
        }
    }

    private TimeSpan BackOff(int attempt)
    {
        double spread;
        lock (_jitter) spread = _jitter.NextDouble();
        return TimeSpan.FromSeconds(Math.Min(30, Math.Pow(2, attempt - 2)) * (0.5 + (spread / 2)));
    }

    private string Scrub(string text) => Clip(_options.Authorization?.Scrub(text) ?? text);

    private static string Clip(string text) => text.Length <= 200 ? text : text[..200] + "...";

    private static int? Code(JsonElement root) => root.TryGetProperty("errcode", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number) ? number : null;

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.ToString() : null;
}

/// <summary>What a remote reward system says of a row.</summary>
/// <param name="Score">The reward.</param>
/// <param name="Dimensions">What each of its plug-ins said; null when it says nothing of them.</param>
internal sealed record RemoteScore(double Score, JsonObject? Dimensions);

/// <summary>One exchange with the system, or what it said, was no use.</summary>
/// <param name="message">What happened.</param>
/// <param name="isFinal">Whether asking again for the same task cannot help.</param>
internal sealed class RewardSystemException(string message, bool isFinal = false) : FleetException(message, isTransient: true)
{
    public bool IsFinal { get; } = isFinal;
}
