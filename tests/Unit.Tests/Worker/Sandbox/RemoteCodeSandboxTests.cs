using System.Net;
using System.Text.Json;
using Fleet.Rewards;
using Fleet.Worker.Sandbox;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Unit.Tests.Worker.Sandbox;

/// <summary>The client of a server behind <c>code_url</c>, against one that says what it is told to say.</summary>
public sealed class RemoteCodeSandboxTests
{
    private const string Finished = """{"status":"Success","message":"","compile_result":null,"run_result":{"status":"Finished","execution_time":0.1,"return_code":0,"stdout":"42\n","stderr":""},"executor_pod_name":"pod","files":{}}""";

    /// <summary>What the server answers, and what the row then is: its score and reason, or null for a failure.</summary>
    public static TheoryData<string, double?, string> Answers => new()
    {
        { Finished, 1, "correct" },
        { """{"status":"Failed","message":"","compile_result":null,"run_result":{"status":"TimeLimitExceeded","execution_time":10,"return_code":null,"stdout":"42","stderr":""}}""", 0, "time_limit" },
        { """{"status":"Failed","message":"","run_result":{"status":"Finished","execution_time":1,"return_code":1,"stdout":"42","stderr":"ValueError: v"}}""", 0, "runtime_error" },
        { """{"status":"Failed","message":"","run_result":{"status":"Finished","execution_time":1,"return_code":-9,"stdout":null,"stderr":null}}""", 0, "runtime_error" },
        { """{"status":"Failed","message":"","compile_result":{"status":"Finished","execution_time":1,"return_code":1,"stdout":"","stderr":"main.cpp:1: error"},"run_result":null}""", 0, "compile_error" },
        { """{"status":"SandboxError","message":"no room","compile_result":null,"run_result":null}""", null, "no room" },
        { """{"status":"Success","message":""}""", null, "failed" },
        { """{"detail":"x"}""", null, "none of SandboxFusion's" },
        { "<html>", null, "none of SandboxFusion's" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_becomes_a_score_and_what_is_none_a_failure(string answer, double? score, string reason)
    {
        var server = new Server((HttpStatusCode.OK, answer));
        var outcome = await ScoreAsync(server);

        Assert.Equal(score, outcome.Score?.Score);
        if (score is null) Assert.Contains(reason, outcome.Failure!.Message, StringComparison.Ordinal);
        else Assert.Equal(reason, outcome.Score!.Reason.Code);
        Assert.Equal(score is null && reason != "failed" ? 3 : 1, server.Requests.Count);
    }

    [Fact]
    public async Task A_server_with_too_much_to_do_is_asked_again_until_it_answers()
    {
        var busy = (HttpStatusCode.GatewayTimeout, "");
        var server = new Server(busy, busy, (HttpStatusCode.ServiceUnavailable, ""), busy, busy, (HttpStatusCode.OK, Finished));
        var outcome = await ScoreAsync(server);

        Assert.Equal(1, outcome.Score?.Score);
        Assert.Equal(6, server.Requests.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, "500")]
    [InlineData(HttpStatusCode.UnprocessableEntity, "422")]
    public async Task A_server_that_fails_is_a_transient_failure_after_three_tries(HttpStatusCode status, string said)
    {
        var server = new Server((status, "x"));
        var outcome = await ScoreAsync(server);

        Assert.Null(outcome.Score);
        Assert.True(outcome.Failure!.IsTransient);
        Assert.Contains($"it answered {said}", outcome.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task The_expected_output_is_not_in_the_request()
    {
        var server = new Server((HttpStatusCode.OK, Finished));
        await ScoreAsync(server);

        using var request = JsonDocument.Parse(Assert.Single(server.Requests));
        Assert.Equal("41", request.RootElement.GetProperty("stdin").GetString());
        Assert.Equal("python", request.RootElement.GetProperty("language").GetString());
        Assert.DoesNotContain("42", server.Requests[0], StringComparison.Ordinal);
    }

    private static async Task<CodeOutcome> ScoreAsync(Server server)
    {
        // Pauses pass at once.
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(5) };
        using var sandbox = new RemoteCodeSandbox(server, new Uri("http://server/run_code"), time);
        var scoring = new CodeScorer(sandbox).ScoreAsync(Row(), RewardSettings.Default, TestContext.Current.CancellationToken);
        while (await Task.WhenAny(scoring, Task.Delay(5, TestContext.Current.CancellationToken)) != scoring) time.Advance(TimeSpan.FromSeconds(5));
        return await scoring;
    }

    internal static Rollout Row() => new()
    {
        Response = "```python\nprint(int(input()) + 1)\n```",
        Columns = new Dictionary<string, JsonElement> { ["test_cases"] = JsonSerializer.SerializeToElement(new[] { new { stdin = "41", expected_stdout = "42" } }) },
    };

    /// <summary>Answers in turn, the last answer for ever.</summary>
    internal sealed class Server(params (HttpStatusCode Status, string Body)[] answers) : HttpMessageHandler
    {
        public List<string> Requests { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var (status, body) = answers[Math.Min(Requests.Count, answers.Length - 1)];
            Requests.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            return new HttpResponseMessage(status) { Content = new StringContent(body) };
        }
    }
}
