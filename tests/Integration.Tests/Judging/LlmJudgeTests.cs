using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Rewards;
using Fleet.Rewards.Judge;
using Fleet.Unit.Tests.Rewards.Judge;
using Fleet.Worker.Judging;

namespace Fleet.Integration.Tests.Judging;

public class LlmJudgeTests
{
    private static readonly TimeSpan Retries = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Everything = TimeSpan.FromSeconds(60);

    private readonly SignallingTime _time = new();

    private LlmJudge Judge(string settings) => JudgeSetup.FromApi(Settings(settings), _time, new Random(1));

    private LlmJudge Judge(ScriptedJudge server, string more = "") => Judge($$"""{"judge_prompt":"{{JudgeTemplates.RlvrName}}","judge_model_name":"m","judge_api_url":"{{server.Url}}"{{more}}}""");

    private static RewardSettings Settings(string json) => new(Parity.Fixed, JsonDocument.Parse(json).RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value));

    private static Rollout Row(string response = "42", string id = "1") => new()
    {
        Prompt = "6 * 7?",
        Response = response,
        GroundTruth = "42",
        Columns = new Dictionary<string, JsonElement> { ["id"] = JsonSerializer.SerializeToElement(id) },
    };

    private Task<JudgeOutcome> ScoreAsync(LlmJudge judge, TimeSpan? drive = null, Rollout? row = null) => _time.DriveAsync(judge.ScoreAsync(row ?? Row(), CancellationToken.None), drive ?? Retries);

    [Theory]
    [InlineData("YES", 1.0)]
    [InlineData("NO", 0.0)]
    public async Task A_verdict_is_a_score(string said, double score)
    {
        await using var server = await ScriptedJudge.SayingAsync(said);
        await using var judge = Judge(server, """,  "judge_price_prompt": 1, "judge_price_completion": 5""");
        var outcome = await ScoreAsync(judge);
        Assert.Equal(score, outcome.Score!.Score);
        Assert.Equal(new JudgeUsage(1, 100, 2, 110e-6), outcome.Usage);
        Assert.Equal(outcome.Usage, judge.Total);
        Assert.Contains("6 * 7?", server.Requests.Single().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_judge_that_asks_to_wait_is_asked_again_when_it_said()
    {
        var asked = new List<TimeSpan>();
        await using var server = await ScriptedJudge.StartAsync((request, context) =>
        {
            asked.Add(_time.Elapsed);
            if (request.Number > 0) return ScriptedJudge.SayAsync(context, "YES");
            context.Response.Headers.RetryAfter = "30";
            return ScriptedJudge.WriteAsync(context, 429, """{"error":{"message":"slow down"}}""");
        });
        await using var judge = Judge(server);
        Assert.Equal(1, (await ScoreAsync(judge)).Score!.Score);
        Assert.InRange((asked[1] - asked[0]).TotalSeconds, 30, 32);
    }

    [Fact]
    public async Task A_wait_longer_than_the_row_has_is_not_waited_for()
    {
        await using var server = await ScriptedJudge.StartAsync((_, context) =>
        {
            context.Response.Headers.RetryAfter = "600";
            return ScriptedJudge.WriteAsync(context, 429, "{}");
        });
        await using var judge = Judge(server);
        var outcome = await ScoreAsync(judge);
        Assert.Null(outcome.Score);
        Assert.Equal(JudgeFaults.RateLimited, outcome.Failure.Code);
        Assert.Single(server.Requests);
        Assert.True(_time.Elapsed < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Failures_of_the_server_are_tried_again()
    {
        await using var server = await ScriptedJudge.StartAsync((request, context) => request.Number < 3 ? ScriptedJudge.WriteAsync(context, 500 + request.Number, "oops") : ScriptedJudge.SayAsync(context, "YES"));
        await using var judge = Judge(server);
        var outcome = await ScoreAsync(judge);
        Assert.Equal(1, outcome.Score!.Score);
        Assert.Equal(4, outcome.Usage.Requests);
    }

    [Fact]
    public async Task A_server_that_only_fails_is_a_failure_with_its_cause()
    {
        await using var server = await ScriptedJudge.StartAsync((_, context) => ScriptedJudge.WriteAsync(context, 503, "oops"));
        await using var judge = Judge(server);
        var outcome = await ScoreAsync(judge);
        Assert.Null(outcome.Score);
        Assert.Equal(JudgeFaults.Unavailable, outcome.Failure.Code);
        Assert.Contains("http 503 from 127.0.0.1", outcome.Failure.Sentence, StringComparison.Ordinal);
        Assert.Equal(6, server.Requests.Count);
    }

    [Fact]
    public async Task A_judge_that_hangs_costs_its_deadline_and_no_more()
    {
        var never = new TaskCompletionSource();
        await using var server = await ScriptedJudge.StartAsync((_, context) => never.Task.WaitAsync(context.RequestAborted));
        await using var judge = Judge(server, """, "judge_timeout_s": 100""");
        var outcome = await ScoreAsync(judge, Everything);
        Assert.Null(outcome.Score);
        Assert.Equal(JudgeFaults.Timeout, outcome.Failure.Code);
        Assert.InRange(_time.Elapsed.TotalSeconds, 100, 161);
    }

    [Fact]
    public async Task A_slow_judge_in_time_is_heard()
    {
        var later = new TaskCompletionSource();
        await using var server = await ScriptedJudge.StartAsync(async (_, context) =>
        {
            await later.Task;
            await ScriptedJudge.SayAsync(context, "YES");
        });
        await using var judge = Judge(server);
        var scoring = ScoreAsync(judge);
        Assert.False(scoring.IsCompleted);
        later.SetResult();
        Assert.Equal(1, (await scoring).Score!.Score);
    }

    [Fact]
    public async Task A_connection_cut_in_the_middle_is_tried_again()
    {
        await using var server = await ScriptedJudge.StartAsync(async (request, context) =>
        {
            if (request.Number == 0)
            {
                context.Abort();
            }
            else if (request.Number == 1)
            {
                context.Response.ContentLength = 1000;
                await context.Response.Body.WriteAsync("{\"choices\":[{\"message\":{\"content\":\"YES\""u8.ToArray());
                await context.Response.Body.FlushAsync();
                context.Abort();
            }
            else
            {
                await ScriptedJudge.SayAsync(context, "NO");
            }
        });
        await using var judge = Judge(server);
        var outcome = await ScoreAsync(judge);
        Assert.Equal(0, outcome.Score!.Score);
        Assert.Equal(3, outcome.Usage.Requests);
    }

    [Theory]
    [InlineData(null, "stop", null, JudgeReasons.Empty)]
    [InlineData("", "stop", null, JudgeReasons.Empty)]
    [InlineData(null, "stop", "I cannot judge this.", JudgeReasons.Refused)]
    [InlineData("YES", "content_filter", null, JudgeReasons.Refused)]
    [InlineData("YES, since the", "length", null, JudgeReasons.CutOff)]
    [InlineData("It is hard to say. Yesterday I would have said yes.", "stop", null, JudgeReasons.Unreadable)]
    public async Task An_answer_without_a_verdict_is_asked_again_and_then_a_failure(string? content, string finish, string? refusal, string code)
    {
        await using var server = await ScriptedJudge.SayingAsync(content, finish, refusal);
        await using var judge = Judge(server);
        var outcome = await ScoreAsync(judge);
        Assert.Null(outcome.Score);
        Assert.Equal(code, outcome.Failure.Code);
        Assert.Equal(3, server.Requests.Count);
        Assert.Contains("not in the form asked for", server.Requests.Last().Text, StringComparison.Ordinal);
        Assert.Equal((refusal ?? content ?? "").Trim(), (string?)outcome.Detail["judges"]![0]!["said"]);
    }

    [Fact]
    public async Task An_unreadable_answer_is_forgotten_when_the_next_one_is_read()
    {
        await using var server = await ScriptedJudge.StartAsync((request, context) => ScriptedJudge.SayAsync(context, request.Number == 0 ? "Hm." : "YES"));
        await using var judge = Judge(server);
        var outcome = await ScoreAsync(judge);
        Assert.Equal(1, outcome.Score!.Score);
        Assert.Equal(new JudgeUsage(2, 200, 4, 0), outcome.Usage);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("<html>busy</html>")]
    [InlineData("{}")]
    [InlineData("{\"choices\":[]}")]
    [InlineData("{\"choices\":[{\"message\":{\"content\":{\"verdict\":\"YES\"}}}]}")]
    [InlineData("[\"YES\"]")]
    [InlineData("YES")]
    public async Task A_body_that_is_no_completion_is_the_servers_failure(string body)
    {
        await using var server = await ScriptedJudge.StartAsync((_, context) => ScriptedJudge.WriteAsync(context, 200, body));
        await using var judge = Judge(server, """, "judge_attempts": 2""");
        var outcome = await ScoreAsync(judge);
        Assert.Null(outcome.Score);
        Assert.Equal(JudgeFaults.Unavailable, outcome.Failure.Code);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData("{\"choices\":[{\"message\":{\"content\":\"NO\"}}]}")]
    [InlineData("{\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\",\"content\":\"NO\",\"reasoning_content\":\"YES\"}}],\"unknown\":1}")]
    public async Task A_lean_completion_is_good_enough(string body)
    {
        await using var server = await ScriptedJudge.StartAsync((_, context) => ScriptedJudge.WriteAsync(context, 200, body));
        await using var judge = Judge(server);
        var outcome = await ScoreAsync(judge);
        Assert.Equal(0, outcome.Score?.Score);
    }

    [Fact]
    public async Task A_request_that_is_turned_down_is_not_repeated_and_never_shows_the_key()
    {
        await using var server = await ScriptedJudge.StartAsync((request, context) => ScriptedJudge.WriteAsync(context, 401, "{\"error\":{\"message\":\"wrong key " + request.Authorization + "\"}}"));
        Environment.SetEnvironmentVariable("FLEET_TEST_JUDGE_KEY", "sk-very-secret");
        await using var judge = Judge(server, """, "judge_api_key": "env:FLEET_TEST_JUDGE_KEY" """);
        var outcome = await ScoreAsync(judge);
        Assert.Equal(JudgeFaults.Rejected, outcome.Failure.Code);
        Assert.Equal("Bearer sk-very-secret", server.Requests.Single().Authorization);
        Assert.DoesNotContain("sk-very-secret", outcome.Failure.Sentence + outcome.Detail.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_none_is_sent()
    {
        await using var server = await ScriptedJudge.SayingAsync("YES");
        await using var judge = Judge(server);
        await ScoreAsync(judge);
        Assert.Equal("", server.Requests.Single().Authorization);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(429)]
    public async Task Another_endpoint_takes_over(int status)
    {
        await using var broken = await ScriptedJudge.StartAsync((_, context) => ScriptedJudge.WriteAsync(context, status, "{}"));
        await using var good = await ScriptedJudge.SayingAsync("YES");
        await using var judge = Judge($$"""{"judge_model_name":"m","judge_prompt":"{{JudgeTemplates.RlvrName}}","judge_api_url":["{{broken.Url}}","{{good.Url}}/chat/completions"]}""");
        Assert.Equal(1, (await ScoreAsync(judge)).Score!.Score);
        Assert.Single(broken.Requests);
        Assert.Single(good.Requests);
        Assert.True(_time.Elapsed < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task An_endpoint_that_nobody_serves_is_passed_over_and_then_left_alone()
    {
        await using var good = await ScriptedJudge.SayingAsync("YES");
        await using var judge = Judge($$"""{"judge_model_name":"m","judge_prompt":"{{JudgeTemplates.RlvrName}}","judge_api_url":["http://127.0.0.1:9/v1","{{good.Url}}"]}""");
        long requests = 0;
        for (var i = 0; i < 30; i++)
        {
            var outcome = await ScoreAsync(judge, row: Row(id: $"{i}"), drive: TimeSpan.FromMilliseconds(100));
            Assert.Equal(1, outcome.Score!.Score);
            if (i >= 25) requests += outcome.Usage.Requests;
        }

        Assert.Equal(5, requests);
    }

    [Fact]
    public async Task An_ensemble_never_reads_its_own_answers_back()
    {
        await using var server = await ScriptedJudge.StartAsync((request, context) => ScriptedJudge.SayAsync(context, request.Number % 3 == 0 ? "NO" : "YES"));
        await using var judge = Judge(server, """, "judge_samples": 3""");
        var first = await ScoreAsync(judge);
        Assert.Equal(1, first.Score!.Score);
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(3, server.Requests.Select(r => (long?)r.Body["seed"]).Distinct().Count());
        Assert.Equal(1.0 / 3, (double)first.Detail["disagreement"]!, 5);

        var again = await ScoreAsync(judge);
        Assert.Equal(first.Score.Score, again.Score!.Score);
        Assert.Equal(default, again.Usage);
        Assert.Equal(3, server.Requests.Count);

        await ScoreAsync(judge, row: Row(id: "2"));
        Assert.Equal(6, server.Requests.Count);
    }

    [Fact]
    public async Task Several_judges_vote()
    {
        await using var yes = await ScriptedJudge.SayingAsync("YES");
        await using var no = await ScriptedJudge.SayingAsync("NO");
        await using var judge = Judge($$"""{"judge_prompt":"{{JudgeTemplates.RlvrName}}","judge_aggregate":"mean","judges":[{"judge_model_name":"a","judge_api_url":"{{yes.Url}}"},{"judge_model_name":"b","judge_api_url":"{{no.Url}}"}]}""");
        var outcome = await ScoreAsync(judge);
        Assert.Equal(0.5, outcome.Score!.Score);
        Assert.Equal(0.5, (double)outcome.Detail["disagreement"]!);
    }

    [Fact]
    public async Task The_probability_of_yes_comes_from_the_first_token()
    {
        var tokens = new JsonObject
        {
            ["content"] = new JsonArray(new JsonObject
            {
                ["token"] = "YES",
                ["logprob"] = Math.Log(0.6),
                ["bytes"] = null,
                ["top_logprobs"] = new JsonArray(
                    new JsonObject { ["token"] = "YES", ["logprob"] = Math.Log(0.6), ["bytes"] = null },
                    new JsonObject { ["token"] = "NO", ["logprob"] = Math.Log(0.2), ["bytes"] = null }),
            }),
        };
        await using var server = await ScriptedJudge.StartAsync((_, context) => ScriptedJudge.SayAsync(context, "YES", "length", null, tokens.DeepClone().AsObject()));
        await using var judge = Judge(server, """, "judge_parser": "yes_probability", "generating_args": {"max_new_tokens": 1}""");
        Assert.Equal(0.75, (await ScoreAsync(judge)).Score!.Score!.Value, 6);
        var body = server.Requests.Single().Body;
        Assert.True((bool)body["logprobs"]!);
        Assert.Equal(1, (int)(body["max_completion_tokens"] ?? body["max_tokens"])!);
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_not_a_timeout()
    {
        using var caller = new CancellationTokenSource();
        await using var server = await ScriptedJudge.StartAsync(async (_, context) =>
        {
            await caller.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await using var judge = Judge(server);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => judge.ScoreAsync(Row(), caller.Token));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var other = await ScriptedJudge.SayingAsync("YES");
        await using var server = await ScriptedJudge.StartAsync((_, context) =>
        {
            context.Response.StatusCode = (int)HttpStatusCode.TemporaryRedirect;
            context.Response.Headers.Location = other.Url + "/chat/completions";
            return Task.CompletedTask;
        });
        await using var judge = Judge(server);
        Assert.Null((await ScoreAsync(judge)).Score);
        Assert.Empty(other.Requests);
    }

    [Theory]
    [InlineData("""{}""", "judge_model_name is missing: the name of the judge's model at its endpoint.")]
    [InlineData("""{"judge_model_name":"m"}""", "judge_api_url is missing: where the judge answers, such as http://localhost:8000/v1.")]
    [InlineData("""{"judge_model_name":"m","judge_api_url":"ftp://x"}""", "judge_api_url is 'ftp://x'; expected is an address such as http://localhost:8000/v1.")]
    [InlineData("""{"judge_model_name":"m","judge_api_url":"http://x","judge_timeout_s":0}""", "judge_timeout_s is 0; expected is above 0 and at most a day.")]
    [InlineData("""{"judge_model_name":"m","judge_api_url":"http://x","judge_samples":1.5}""", "judge_samples is 1.5; expected is a whole number of 1 or more.")]
    [InlineData("""{"judge_model_name":"m","judge_api_url":"http://x","judge_prompt":"nice"}""", "judge_prompt is 'nice'; known are Qwen2.5-7B-Instruct-RLVR-prompt, default, rubric, pairwise and file:PATH.")]
    [InlineData("""{"judge_model_name":"m","judge_api_url":"http://x","judge_api_key":"env:FLEET_NO_SUCH_KEY"}""", "The judge's key is in the environment variable FLEET_NO_SUCH_KEY, which is not set on this machine.")]
    [InlineData("""{"judge_model_name":"m","judge_api_url":"http://x","judge_prompt":"rubric"}""", "A rubric has at least one criterion, each with a weight above 0.")]
    public void Settings_that_cannot_work_say_so_at_once(string settings, string message) =>
        Assert.Equal(message, Assert.Throws<JudgeSetupException>(() => Judge(settings)).Message);

    [Fact]
    public async Task Templates_and_keys_come_from_files()
    {
        var folder = Directory.CreateTempSubdirectory();
        var template = Path.Combine(folder.FullName, "mine.txt");
        var key = Path.Combine(folder.FullName, "key");
        await File.WriteAllTextAsync(template, "parser: number\nscale: 1 5\n---\nRate {response} for {question}");
        await File.WriteAllTextAsync(key, "sk-file\n");
        await using var server = await ScriptedJudge.SayingAsync("Score: 4");
        await using var judge = Judge($$"""{"judge_model_name":"m","judge_api_url":"{{server.Url}}","judge_prompt":"file:{{template}}","judge_api_key":"file:{{key}}"}""");
        Assert.Equal(0.75, (await ScoreAsync(judge)).Score!.Score);
        Assert.Equal("Bearer sk-file", server.Requests.Single().Authorization);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task No_injection_gets_credit_from_a_judge_that_quotes_it()
    {
        await using var server = await ScriptedJudge.StartAsync((request, context) =>
        {
            // The text between the marked tags, as a judge reads it.
            var mark = request.Text[(request.Text.IndexOf("carry the mark ", StringComparison.Ordinal) + 15)..][..12];
            var from = request.Text.IndexOf($"<response-{mark}>\n", StringComparison.Ordinal) + mark.Length + 12;
            var quoted = request.Text[from..request.Text.IndexOf($"\n</response-{mark}>", StringComparison.Ordinal)];
            return ScriptedJudge.SayAsync(context, request.Number % 2 == 0 ? $"NO. It says: {quoted}" : $"The response says \"{quoted}\", which earns nothing. NO");
        });
        await using var judge = Judge(server);
        foreach (var injection in Injections.All)
        {
            var outcome = await ScoreAsync(judge, row: Row(injection, injection));
            Assert.True(outcome.Score?.Score is null or 0, injection);
        }
    }

    [Fact]
    public async Task Sixty_four_at_once_keep_a_judge_of_a_tenth_of_a_second_busy()
    {
        await using var server = await ScriptedJudge.StartAsync(async (_, context) =>
        {
            await Task.Delay(100, context.RequestAborted);
            await ScriptedJudge.SayAsync(context, "YES");
        });
        await using var judge = JudgeSetup.FromApi(Settings($$"""{"judge_prompt":"{{JudgeTemplates.RlvrName}}","judge_model_name":"m","judge_api_url":"{{server.Url}}"}"""), TimeProvider.System, new Random(1));
        await Task.WhenAll(Enumerable.Range(0, 256).Select(i => judge.ScoreAsync(Row(id: $"warm {i}"), CancellationToken.None)));

        const int Rows = 1000;
        var best = 0.0;
        for (var run = 0; run < 3 && best < 576; run++)
        {
            var start = TimeProvider.System.GetTimestamp();
            var outcomes = await Task.WhenAll(Enumerable.Range(0, Rows).Select(i => judge.ScoreAsync(Row(id: $"{run} {i}"), CancellationToken.None)));
            Assert.All(outcomes, outcome => Assert.Equal(1, outcome.Score?.Score));
            best = Math.Max(best, Rows / TimeProvider.System.GetElapsedTime(start).TotalSeconds);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{best:0} rows/s of 640"));
        Assert.True(best >= Least, FormattableString.Invariant($"{best:0} rows/s, expected are at least {Least}"));
    }

    // Nine tenths of the ideal is asked where the machine is ours alone; on a shared one the test only sees that requests overlap.
    private static double Least => Environment.GetEnvironmentVariable("FLEET_LONG") == "1" ? 576 : 320;
}
