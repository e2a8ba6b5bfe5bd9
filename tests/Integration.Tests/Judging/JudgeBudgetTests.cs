using Fleet.Messaging;
using Fleet.Messaging.Budgets;
using Fleet.Rewards;
using Fleet.Rewards.Judge;
using Fleet.Worker.Judging;

namespace Fleet.Integration.Tests.Judging;

/// <summary>Rows that wait for what a judge's account allows.</summary>
public sealed class JudgeBudgetTests : JudgeTestBed
{
    private static readonly BrokerOptions Nobody = new() { Url = new Uri("amqp://guest:guest@127.0.0.1:9") };

    [Fact]
    public async Task Rows_that_wait_for_a_broker_that_is_away_fail_together()
    {
        const int Rows = 64;
        await using var server = await ScriptedJudge.SayingAsync("YES");
        await using var judge = JudgeSetup.FromApi(Limited(server), Time, new Random(1), new FleetBudgets(Nobody, Time));

        var outcomes = await Time.DriveAsync(Task.WhenAll(Enumerable.Range(0, Rows).Select(row => judge.ScoreAsync(Row(id: $"{row}"), CancellationToken.None))), TimeSpan.FromSeconds(1));

        Assert.All(outcomes, outcome =>
        {
            Assert.Null(outcome.Score);
            Assert.Equal(JudgeFaults.RateLimited, outcome.Failure.Code);
            Assert.Contains("could not be had from the broker at amqp://127.0.0.1:9", outcome.Failure.Sentence, StringComparison.Ordinal);
        });
        Assert.InRange(Time.Elapsed.TotalSeconds, 30, 32);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Who_asks_while_the_broker_is_known_to_be_away_is_told_so_at_once()
    {
        await using var server = await ScriptedJudge.SayingAsync("YES");
        await using var judge = JudgeSetup.FromApi(Limited(server), Time, new Random(1), new FleetBudgets(Nobody, Time));
        await Time.DriveAsync(judge.ScoreAsync(Row(), CancellationToken.None), TimeSpan.FromSeconds(1));
        var known = Time.Elapsed;

        Assert.Equal(JudgeFaults.RateLimited, (await Time.DriveAsync(judge.ScoreAsync(Row(id: "2"), CancellationToken.None), TimeSpan.FromSeconds(1))).Failure.Code);
        Assert.Equal(known, Time.Elapsed);
    }

    [Fact]
    public async Task Both_orders_of_a_rubric_take_a_permit_each()
    {
        List<TimeSpan> asked = [];
        await using var server = await ScriptedJudge.StartAsync((_, context) =>
        {
            lock (asked) asked.Add(Time.Elapsed);
            return ScriptedJudge.SayAsync(context, "right: 10\nclear: 10");
        });
        await using var judge = Judge($$"""{"judge_prompt":"rubric","judge_criteria":{"right":1,"clear":1},"judge_model_name":"m","judge_api_url":"{{server.Url}}","judge_requests_per_minute":3}""");

        Assert.Equal(1, (await ScoreAsync(judge)).Score?.Score);

        Assert.Equal(2, asked.Count);
        Assert.Equal(20, asked.Max().TotalSeconds, 0.1);
    }

    private static RewardSettings Limited(ScriptedJudge server) =>
        Settings($$"""{"judge_prompt":"{{JudgeTemplates.RlvrName}}","judge_model_name":"m","judge_api_url":"{{server.Url}}","judge_requests_per_minute":600,"judge_timeout_s":30}""");
}
