using System.Collections.Concurrent;
using Fleet.Messaging;
using Fleet.Messaging.Budgets;

namespace Fleet.QueueContract.Tests;

/// <summary>One budget, several workers, each with connections of its own to a real broker.</summary>
public sealed class FleetBudgetTests(RabbitMqQueue queue) : IClassFixture<RabbitMqQueue>
{
    private readonly string _account = Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task Three_workers_together_hold_the_rate()
    {
        await using var one = Open(queue.Broker);
        await using var two = Open(queue.Broker);
        await using var three = Open(queue.Broker);

        var taken = await TakeAsync([one, two, three], SharedAccount.Window, _ => { });

        SharedAccount.AssertHeld(taken.Count);
        Assert.All(Enumerable.Range(0, 3), worker => Assert.InRange(taken.Count(t => t.Worker == worker), taken.Count / 6, taken.Count));
    }

    [Fact]
    public async Task A_worker_that_dies_is_replaced_and_the_others_get_its_share()
    {
        await using var relay = new Relay(queue.Broker.Url!.Host, queue.Broker.Url.Port);
        await using var minting = Open(Through(relay), patience: TimeSpan.Zero);
        await minting.TakeAsync(0, CancellationToken.None);
        await using var two = Open(queue.Broker);
        await using var three = Open(queue.Broker);

        var cut = TimeSpan.MaxValue;
        var taken = await TakeAsync([minting, two, three], SharedAccount.Window, at =>
        {
            if (at < SharedAccount.Window / 2 || cut != TimeSpan.MaxValue) return;
            cut = at;
            relay.Cut();
        });

        SharedAccount.AssertHeld(taken.Count);
        Assert.DoesNotContain(taken, t => t.Worker == 0 && t.At > cut + TimeSpan.FromSeconds(1));
        Assert.Contains(taken, t => t.Worker == 0);
    }

    [Fact]
    public async Task An_idle_fleet_saves_nothing_up()
    {
        await using var one = Open(queue.Broker);
        await using var two = Open(queue.Broker);
        await two.TakeAsync(0, CancellationToken.None);
        await one.TakeAsync(0, CancellationToken.None);
        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

        var first = await TakeAsync([one, two], TimeSpan.FromSeconds(1), _ => { }, warmUpSeconds: 0);

        // A second's worth, half a second's worth that lay there, what came while the last message was dealt out, and, where the
        // minting process was kept from its processor just then, a second's worth to make up for that: not the five seconds that were idle.
        Assert.InRange(first.Count, SharedAccount.PerMinute / 60 * 0.9, (SharedAccount.PerMinute / 60 * 2.6) + 6);
    }

    [Fact]
    public async Task Tokens_are_shared_like_requests_and_those_not_used_come_back()
    {
        await using var one = Open(queue.Broker, new BudgetRates(null, 60_000));
        await using var two = Open(queue.Broker, new BudgetRates(null, 60_000));
        var start = TimeProvider.System.GetTimestamp();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? one : two).TakeAsync(200, CancellationToken.None).AsTask()));
        var paid = TimeProvider.System.GetElapsedTime(start);
        one.GiveBack(1000);
        await one.TakeAsync(1000, CancellationToken.None);

        // 2,000 tokens of 1,000 a second; the thousand that came back cost nothing.
        Assert.InRange(paid.TotalSeconds, 1.4, 20);
        Assert.InRange((TimeProvider.System.GetElapsedTime(start) - paid).TotalSeconds, 0, 0.5);
    }

    [Fact]
    public async Task Without_a_broker_there_are_no_permits()
    {
        await using var relay = new Relay(queue.Broker.Url!.Host, queue.Broker.Url.Port);
        await using var budget = Open(Through(relay), patience: TimeSpan.FromSeconds(0.2));
        await budget.TakeAsync(0, CancellationToken.None);

        relay.Cut();

        var away = await Assert.ThrowsAsync<BudgetAwayException>(async () =>
        {
            while (true) await budget.TakeAsync(0, CancellationToken.None);
        }).WaitAsync(TestFleet.Patience);
        Assert.True(away.IsTransient);
        Assert.Contains("could not be had from the broker", away.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_replaced()
    {
        await using var relay = new Relay(queue.Broker.Url!.Host, queue.Broker.Url.Port);
        await using var budget = Open(Through(relay));
        await budget.TakeAsync(0, CancellationToken.None);

        relay.CutConnections();

        for (var i = 0; i < 20; i++) await budget.TakeAsync(0, CancellationToken.None).AsTask().WaitAsync(TestFleet.Patience);
    }

    [Fact]
    public async Task Who_gives_up_leaves_his_place_to_the_next()
    {
        await using var budget = Open(queue.Broker, new BudgetRates(60, null));
        using var caller = new CancellationTokenSource();
        var first = budget.TakeAsync(0, caller.Token).AsTask();
        var second = budget.TakeAsync(0, CancellationToken.None).AsTask();

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await second.WaitAsync(TestFleet.Patience);
    }

    [Fact]
    public async Task The_rights_of_a_worker_of_the_domain_are_enough()
    {
        const string Rights = @"^fleet\.(announcements$|replies\.|(llm_judge)\.)";
        await queue.AddUserAsync("judge-worker", Rights, Rights, @"^fleet\.(llm_judge)\.");
        var broker = new BrokerOptions { Url = new UriBuilder(queue.Broker.Url!) { UserName = "judge-worker", Password = "secret" }.Uri };

        await using var budget = Open(broker, new BudgetRates(SharedAccount.PerMinute, 1_000_000), TimeSpan.FromSeconds(5));

        await budget.TakeAsync(100, CancellationToken.None).AsTask().WaitAsync(TestFleet.Patience);
    }

    private FleetBudget Open(BrokerOptions broker, BudgetRates? rates = null, TimeSpan? patience = null) =>
        new FleetBudgets(broker, TimeProvider.System).Open("llm_judge", _account, rates ?? new BudgetRates(SharedAccount.PerMinute, null), patience ?? TestFleet.Patience);

    private static BrokerOptions Through(Relay relay) => new() { Url = new UriBuilder("amqp", "127.0.0.1", relay.Port) { UserName = "guest", Password = "guest" }.Uri };

    /// <summary>Every worker takes all that it can get, and what comes after the first moments is counted; one that has lost its broker stops.</summary>
    private static async Task<List<(int Worker, TimeSpan At)>> TakeAsync(FleetBudget[] workers, TimeSpan window, Action<TimeSpan> each, double warmUpSeconds = 1)
    {
        await Task.WhenAll(workers.Select(worker => worker.TakeAsync(0, CancellationToken.None).AsTask())).WaitAsync(TestFleet.Patience);
        var taken = new ConcurrentQueue<(int, TimeSpan)>();
        var start = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(workers.SelectMany((budget, worker) => Enumerable.Repeat(worker, 4).Select(async number =>
        {
            try
            {
                while (true)
                {
                    await budget.TakeAsync(0, CancellationToken.None);
                    var at = TimeProvider.System.GetElapsedTime(start) - TimeSpan.FromSeconds(warmUpSeconds);
                    if (at > window) return;
                    if (at < TimeSpan.Zero) continue;
                    taken.Enqueue((number, at));
                    each(at);
                }
            }
            catch (BudgetAwayException)
            {
                // It is the one that dies.
            }
        }))).WaitAsync(window + TestFleet.Patience);
        return [.. taken];
    }
}
