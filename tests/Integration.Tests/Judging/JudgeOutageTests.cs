using Fleet.Worker.Judging;

namespace Fleet.Integration.Tests.Judging;

/// <summary>Judges that are slow, cut off, overrun or away: the right status, within the deadline, and never a score.</summary>
public sealed class JudgeOutageTests : JudgeTestBed
{
    [Fact]
    public async Task A_judge_that_asks_to_wait_is_asked_again_when_it_said()
    {
        var asked = new List<TimeSpan>();
        await using var server = await ScriptedJudge.StartAsync((request, context) =>
        {
            asked.Add(Time.Elapsed);
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
        Assert.True(Time.Elapsed < TimeSpan.FromSeconds(2));
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
        Assert.InRange(Time.Elapsed.TotalSeconds, 100, 161);
    }

    [Fact]
    public async Task A_slow_judge_inTime_is_heard()
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

    [Fact]
    public async Task A_caller_who_gives_up_is_not_aTimeout()
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
}
