using System.Collections.Concurrent;
using Fleet.Messaging.Budgets;
using Fleet.QueueContract.Tests;
using Fleet.Rewards.Judge;
using Fleet.Worker.Judging;

namespace Fleet.Integration.Tests.Judging;

/// <summary>What a judge's account allows is held by all workers of a broker together, counted where it matters: at the judge.</summary>
public sealed class FleetLimitTests(RabbitMqServer broker) : JudgeTestBed, IClassFixture<RabbitMqServer>
{
    private const int Workers = 3;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(5, 10)]
    public async Task Three_workers_ask_a_judge_as_often_as_its_account_allows(int samples, int outOfHundredFail)
    {
        var asked = new ConcurrentQueue<long>();
        await using var server = await ScriptedJudge.StartAsync((request, context) =>
        {
            asked.Enqueue(TimeProvider.System.GetTimestamp());
            return request.Number % 100 < outOfHundredFail ? ScriptedJudge.WriteAsync(context, 503, "{}") : ScriptedJudge.SayAsync(context, "YES");
        });
        using var enough = new CancellationTokenSource();
        var scoring = Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => ScoreAsync(worker, server, samples, enough.Token)));

        // The first requests load code; the window begins behind them.
        while (asked.IsEmpty) await Task.Delay(10, TestContext.Current.CancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        var start = TimeProvider.System.GetTimestamp();
        await Task.Delay(SharedAccount.Window + TimeSpan.FromSeconds(0.2), TestContext.Current.CancellationToken);
        await enough.CancelAsync();
        await scoring.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        var count = asked.Count(at => TimeProvider.System.GetElapsedTime(start, at) is { Ticks: >= 0 } since && since < SharedAccount.Window);
        SharedAccount.AssertHeld(count);
    }

    // More rows at once than the account allows, so that its limit is all that counts.
    private async Task ScoreAsync(int worker, ScriptedJudge server, int samples, CancellationToken enough)
    {
        await using var judge = JudgeSetup.FromApi(
            Settings($$"""{"judge_prompt":"{{JudgeTemplates.RlvrName}}","judge_model_name":"m","judge_api_url":"{{server.Url}}","judge_requests_per_minute":{{SharedAccount.PerMinute}},"judge_samples":{{samples}},"judge_attempts":20}"""),
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
