using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Rewards.Code;

namespace Fleet.Worker.Sandbox;

/// <summary>A sandbox behind a SandboxFusion-compatible server: the setting <c>code_url</c>.</summary>
/// <remarks>
/// What the server says is believed, and its isolation is its own. Function tests are sent as one program that keeps
/// solution and tests in two processes, which is weaker than two users in a slot.
/// </remarks>
public sealed class RemoteCodeSandbox : ICodeSandbox, IDisposable
{
    /// <summary>Requests that wait for an answer at the same time.</summary>
    public const int AtOnce = 16;

    private const int Attempts = 3;

    // A server with much to do says so at once; that is no failure, and its queue may be long.
    private const int AttemptsWhileOverloaded = 30;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    // Beyond the two limits that the server keeps, so that a program out of time is not taken for a server that is gone.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _free = new(AtOnce);
    private readonly HttpClient _http;
    private readonly Uri _url;
    private readonly TimeProvider _time;

    /// <summary>A client; nothing is sent before the first run.</summary>
    /// <param name="handler">What carries requests; disposed of with the client.</param>
    /// <param name="url">Where requests are posted to.</param>
    /// <param name="time">The clock.</param>
    public RemoteCodeSandbox(HttpMessageHandler handler, Uri url, TimeProvider time)
    {
        // Each request has a time of its own.
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _url = url;
        _time = time;
        Identity = url.ToString();
    }

    /// <inheritdoc/>
    public string Identity { get; }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Observation>> RunAsync(CodePlan plan, CancellationToken cancel)
    {
        var observations = new List<Observation>();
        foreach (var test in plan.Tests)
        {
            var decided = plan.StopsAtTimeLimit && observations.Count > 0 && observations[^1] is { NotRun: true } or { Limit: LimitHit.Time };
            observations.Add(decided ? Observation.Skipped : await RunAsync(plan, test, cancel));
        }

        return observations;
    }

    /// <inheritdoc/>
    public async Task<RunCodeResult> RunCodeAsync(RunCodeRequest request, CancellationToken cancel)
    {
        await _free.WaitAsync(cancel);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var (answer, overloaded) = await TryAsync(request, cancel);
                if (answer.Status != RunCodeResult.SandboxError || attempt == (overloaded ? AttemptsWhileOverloaded : Attempts)) return answer;
                var pause = Pause * attempt;
                await Task.Delay(pause < LongestPause ? pause : LongestPause, _time, cancel);
            }
        }
        finally
        {
            _free.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _free.Dispose();
    }

    private async Task<(RunCodeResult Answer, bool Overloaded)> TryAsync(RunCodeRequest request, CancellationToken cancel)
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        within.CancelAfter(TimeSpan.FromSeconds(request.CompileTimeout + request.RunTimeout) + Margin);
        try
        {
            using var response = await _http.PostAsJsonAsync(_url, request, within.Token);
            if (response.StatusCode != HttpStatusCode.OK)
                return (Failure($"it answered {(int)response.StatusCode}"), response.StatusCode is HttpStatusCode.GatewayTimeout or HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests);
            // Whatever the server calls it: it is JSON or of no use.
            await using var body = await response.Content.ReadAsStreamAsync(within.Token);
            return (await JsonSerializer.DeserializeAsync<RunCodeResult>(body, cancellationToken: within.Token) ?? Failure("it answered nothing"), false);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return (Failure(error.Message), false);
        }
        catch (JsonException error)
        {
            return (Failure($"its answer is none of SandboxFusion's: {error.Message}"), false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (Failure("it took too long"), false);
        }
    }

    private static RunCodeResult Failure(string message) => new() { Status = RunCodeResult.SandboxError, Message = message };

    private async Task<Observation> RunAsync(CodePlan plan, CodeTest test, CancellationToken cancel)
    {
        var secret = RandomNumberGenerator.GetHexString(32);
        var request = new RunCodeRequest
        {
            Code = plan.Kind switch
            {
                CodeKind.Script => plan.Program,
                CodeKind.Call => RemotePrograms.Calling(plan, secret),
                _ => RemotePrograms.Judging(plan, test, secret),
            },
            Language = plan.Language == CodeLanguage.JavaScript ? "nodejs" : plan.Language.Name(),
            Stdin = test.Stdin,
            CompileTimeout = plan.Limits.CompileSeconds,
            RunTimeout = plan.Limits.TimeSeconds,
            MemoryLimitMegabytes = plan.Limits.MemoryMegabytes,
            Files = new Dictionary<string, string?>(),
            FetchFiles = [],
        };
        var answer = await RunCodeAsync(request, cancel);
        if (answer.Status == RunCodeResult.SandboxError || (answer.RunResult ?? answer.CompileResult) is not { } step)
            throw new SandboxException($"The sandbox server at {_url} failed: {answer.Message.TrimEnd('.')}.", "Look at its log, or leave code_url out to use slots of this worker.", isTransient: true);
        return Observe(plan, step, answer, secret);
    }

    private static Observation Observe(CodePlan plan, RunCodeStep step, RunCodeResult answer, string secret)
    {
        var seen = new Observation
        {
            InCompiler = answer.RunResult is null,
            Limit = step.Status == "TimeLimitExceeded" ? LimitHit.Time : LimitHit.None,
            ExitCode = step.ReturnCode is >= 0 ? step.ReturnCode : null,
            Signal = step.ReturnCode is < 0 and var signal ? -signal : 0,
            Seconds = step.ExecutionTime,
            Stdout = step.Stdout ?? "",
            Stderr = step.Stderr ?? "",
            Slot = answer.ExecutorPodName ?? "",
        };
        if (plan.Kind == CodeKind.Script) return seen;
        var said = RemotePrograms.Said(seen.Stdout, secret);
        if (plan.Kind == CodeKind.Call) return seen with { Result = said is { Length: > 0 } ? said : null };
        return said is null ? seen : WithVerdict(seen, said);
    }

    // A line that the server cut off is no verdict.
    private static Observation WithVerdict(Observation seen, string said)
    {
        try
        {
            using var tester = JsonDocument.Parse(said);
            return PlanRuns.WithVerdict(seen, tester.RootElement);
        }
        catch (JsonException)
        {
            return seen;
        }
    }
}
