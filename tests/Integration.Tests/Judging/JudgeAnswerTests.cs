using System.Text.Json.Nodes;
using Fleet.Rewards.Judge;
using Fleet.Unit.Tests.Rewards.Judge;
using Fleet.Worker.Judging;

namespace Fleet.Integration.Tests.Judging;

/// <summary>What a judge says, and what is read in it.</summary>
public sealed class JudgeAnswerTests : JudgeTestBed
{
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
        await using var judge = Judge(server, """, "judge_parser": "yes_probability" """);
        Assert.Equal(0.75, (await ScoreAsync(judge)).Score!.Score!.Value, 6);
        var body = server.Requests.Single().Body;
        Assert.True((bool)body["logprobs"]!);
        Assert.Equal(1, (int)(body["max_completion_tokens"] ?? body["max_tokens"])!);
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
}
