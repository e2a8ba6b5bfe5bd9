using System.Net;
using Fleet.Rewards.Judge;
using Fleet.Worker.Judging;

namespace Fleet.Integration.Tests.Judging;

/// <summary>Which endpoint is asked, and with which key.</summary>
public sealed class JudgeEndpointTests : JudgeTestBed
{
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
        Assert.True(Time.Elapsed < TimeSpan.FromSeconds(1));
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
}
