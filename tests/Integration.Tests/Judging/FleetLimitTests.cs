using System.Collections.Concurrent;
using Fleet.Messaging;
using Fleet.Messaging.Budgets;
using Fleet.QueueContract.Tests;
using Fleet.Rewards.Judge;
using Fleet.Worker.Judging;

namespace Fleet.Integration.Tests.Judging;

/// <summary>What a judge's account allows is held by all workers of a broker together, counted where it matters: at the judge.</summary>
public sealed class FleetLimitTests(RabbitMqServer broker) : JudgeTestBed, IClassFixture<RabbitMqServer>
{
    private const int Workers = 3;

    /// <summary>600 a minute for a whole minute; in the short suite ten times as fast.</summary>
    private static readonly (int PerMinute, TimeSpan Window) Account =
        Environment.GetEnvironmentVariable("FLEET_LONG") == "1" ? (600, TimeSpan.FromMinutes(1)) : (6000, TimeSpan.FromSeconds(10));

    [Fact]
    public async Task Three_workers_ask_a_judge_as_often_as_its_account_allows()
    {
        var asked = new ConcurrentQueue<long>();
        await using var server = await ScriptedJudge.StartAsync((_, context) =>
        {
            asked.Enqueue(TimeProvider.System.GetTimestamp());
            return ScriptedJudge.SayAsync(context, "YES");
        });
        using var enough = new CancellationTokenSource();
        var scoring = Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => ScoreAsync(worker, server, enough.Token)));

        // The first requests load code; the window begins behind them.
        while (asked.IsEmpty) await Task.Delay(10, TestContext.Current.CancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        var start = TimeProvider.System.GetTimestamp();
        await Task.Delay(Account.Window + TimeSpan.FromSeconds(0.2), TestContext.Current.CancellationToken);
        await enough.CancelAsync();
        await scoring.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        var count = asked.Count(at => TimeProvider.System.GetElapsedTime(start, at) is { Ticks: >= 0 } since && since < Account.Window);
        var expected = Account.PerMinute * Account.Window.TotalMinutes;
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{count} requests of {expected:0} in {Account.Window.TotalSeconds:0} s"));
        Assert.InRange(count / expected, 0.98, 1.02);
    }

    [Fact]
    public async Task Without_the_broker_a_row_fails_and_is_no_zero()
    {
        await using var server = await ScriptedJudge.SayingAsync("YES");
        var away = new FleetBudgets(new BrokerOptions { Url = new Uri("amqp://guest:guest@127.0.0.1:9") }, TimeProvider.System);
        await using var judge = JudgeSetup.FromApi(
            Settings($$"""{"judge_prompt":"{{JudgeTemplates.RlvrName}}","judge_model_name":"m","judge_api_url":"{{server.Url}}","judge_requests_per_minute":600,"judge_timeout_s":1}"""), TimeProvider.System, new Random(1), away);

        var outcome = await judge.ScoreAsync(Row(), CancellationToken.None);

        Assert.Null(outcome.Score);
        Assert.Equal(JudgeFaults.RateLimited, outcome.Failure.Code);
        Assert.Empty(server.Requests);
    }

    // More rows at once than the account allows, so that its limit is all that counts.
    private async Task ScoreAsync(int worker, ScriptedJudge server, CancellationToken enough)
    {
        await using var judge = JudgeSetup.FromApi(
            Settings($$"""{"judge_prompt":"{{JudgeTemplates.RlvrName}}","judge_model_name":"m","judge_api_url":"{{server.Url}}","judge_requests_per_minute":{{Account.PerMinute}}}"""),
            TimeProvider.System, new Random(worker), new FleetBudgets(broker.Broker, TimeProvider.System));
        var row = 0;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            try
            {
                while (true) Assert.Equal(1, (await judge.ScoreAsync(Row(id: $"{worker} {Interlocked.Increment(ref row)}"), enough)).Score?.Score);
            }
            catch (OperationCanceledException) when (enough.IsCancellationRequested)
            {
                // The window is over.
            }
        }));
    }
}
