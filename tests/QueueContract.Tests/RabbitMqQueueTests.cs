using Fleet.Contracts.Messages;
using Fleet.Contracts.Names;
using Fleet.Dispatcher;
using Fleet.Messaging;
using Fleet.Messaging.Leases;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.QueueContract.Tests;

/// <summary>The contract on RabbitMQ, and what only a broker has: processes that come, go and die.</summary>
public sealed class RabbitMqQueueTests(RabbitMqQueue queue) : CallContract<RabbitMqQueue>(queue)
{
    [Fact]
    public async Task A_worker_that_joins_late_is_initialised_before_it_gets_work()
    {
        await using var fleet = await TestFleet.StartAsync(Queue, ranks: 1, new DispatcherOptions { MaxPartRows = 1 });
        await fleet.AddWorkerAsync();
        await fleet.WaitForWorkersAsync(2);

        var rewards = await fleet.ScoreAsync(Numbers(12), new CallOptions { Spread = Spread.Ranks });

        AssertScored(rewards, 12);
        Assert.Equal([0, 1], rewards.Select(reward => reward.Rank!.Value).Distinct().Order());
    }

    [Fact]
    public async Task A_worker_that_leaves_hands_its_work_back()
    {
        await using var fleet = await TestFleet.StartAsync(Queue, ranks: 1, new DispatcherOptions { MaxPartRows = 1 });
        var leaving = await fleet.AddWorkerAsync();
        await fleet.WaitForWorkersAsync(2);

        var scoring = fleet.ScoreAsync(Numbers(200));
        await fleet.StopAsync(leaving).WaitAsync(TestFleet.Patience);

        AssertScored(await scoring.WaitAsync(TestFleet.Patience), 200);
    }

    [Fact]
    public async Task What_a_dead_worker_had_is_scored_by_another()
    {
        await using var fleet = await TestFleet.StartAsync(Queue, ranks: 0, new DispatcherOptions { MaxPartRows = 4, WorkerSilence = TimeSpan.FromSeconds(2) });
        await using var relay = new Relay(Queue.Broker.Url!.Host, Queue.Broker.Url.Port);
        var entered = new TaskCompletionSource();
        var dying = await fleet.AddWorkerAsync(
            async (_, _) =>
            {
                entered.TrySetResult();
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
            },
            broker: new BrokerOptions { Url = new UriBuilder(Queue.Broker.Url) { Host = "127.0.0.1", Port = relay.Port }.Uri });
        await fleet.WaitForWorkersAsync(1);
        await fleet.Dispatcher.InitializeAsync(fleet.Run, null, CancellationToken.None).WaitAsync(TestFleet.Patience);

        var scoring = fleet.ScoreAsync(Numbers(4));
        await entered.Task.WaitAsync(TestFleet.Patience);
        fleet.Abandon(dying);
        relay.Cut();
        await fleet.AddWorkerAsync();

        AssertScored(await scoring.WaitAsync(TestFleet.Patience), 4);
    }

    [Fact]
    public async Task A_worker_whose_connections_break_serves_again()
    {
        await using var fleet = await TestFleet.StartAsync(Queue, ranks: 0, new DispatcherOptions { MaxPartRows = 1, WorkerSilence = TimeSpan.FromSeconds(2) });
        await using var relay = new Relay(Queue.Broker.Url!.Host, Queue.Broker.Url.Port);
        await fleet.AddWorkerAsync(broker: new BrokerOptions { Url = new UriBuilder(Queue.Broker.Url) { Host = "127.0.0.1", Port = relay.Port }.Uri });
        await fleet.WaitForWorkersAsync(1);
        AssertScored(await fleet.ScoreAsync(Numbers(3)), 3);

        relay.CutConnections();

        AssertScored(await fleet.ScoreAsync(Numbers(3)).WaitAsync(TestFleet.Patience), 3);
    }

    [Fact]
    public async Task A_drained_worker_finishes_what_it_has_hands_back_the_rest_and_does_not_come_again()
    {
        var (entered, open) = (new SemaphoreSlim(0), new SemaphoreSlim(0));
        await using var fleet = await TestFleet.StartAsync(Queue, ranks: 1, new DispatcherOptions { MaxPartRows = 1 }, async (_, token) =>
        {
            entered.Release();
            await open.WaitAsync(token);
        });
        var draining = fleet.Live.Single();

        var scoring = fleet.ScoreAsync(Numbers(9));
        await entered.WaitAsync(TestFleet.Patience);
        await fleet.Bus.TellWorkerAsync(fleet.Domain, draining.Worker, new DrainWorker { Domain = fleet.Domain, Worker = draining.Worker }, CancellationToken.None);
        await fleet.HearAsync(worker => worker.State == WorkerState.Draining);
        open.Release(9);
        await fleet.WaitForWorkersAsync(0);
        await fleet.AddWorkerAsync();

        AssertScored(await scoring.WaitAsync(TestFleet.Patience), 9);
        Assert.NotEqual(draining.Worker, fleet.Live.Single().Worker);
    }

    [Fact]
    public async Task A_part_that_one_worker_does_not_understand_goes_to_one_that_does()
    {
        await using var fleet = await TestFleet.StartAsync(Queue, ranks: 1, new DispatcherOptions { MaxPartRows = 1, MaxRetries = 0 });
        var old = new ScriptedWorker(fleet.Bus, fleet.Domain, outcome: ReplyOutcome.WrongVersion, wireVersion: 0);
        await using var _ = await old.ServeAsync();
        await fleet.WaitForWorkersAsync(2);

        AssertScored(await fleet.ScoreAsync(Numbers(20)).WaitAsync(TestFleet.Patience), 20);
    }

    [Fact]
    public async Task A_rank_lease_is_exclusive_and_free_again_after_its_disposal()
    {
        var domain = "lease_" + Guid.NewGuid().ToString("N")[..8];
        await using var services = new ServiceCollection().AddLogging().AddFleetMessaging(Queue.Broker).BuildServiceProvider();
        var leases = services.GetRequiredService<IRankLeases>();

        var first = await leases.AcquireAsync(domain, null, CancellationToken.None);
        await using var second = await leases.AcquireAsync(domain, null, CancellationToken.None);
        Assert.Equal((0, 1), (first.Rank, second.Rank));

        var waiting = leases.AcquireAsync(domain, 0, CancellationToken.None);
        await using var third = await leases.AcquireAsync(domain, null, CancellationToken.None);
        Assert.Equal(2, third.Rank);
        Assert.False(waiting.IsCompleted);

        await first.DisposeAsync();
        await using var again = await waiting.WaitAsync(TestFleet.Patience);
        Assert.Equal(0, again.Rank);
        Assert.False(again.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task A_lease_whose_connection_breaks_says_that_it_is_lost()
    {
        await using var relay = new Relay(Queue.Broker.Url!.Host, Queue.Broker.Url.Port);
        var broker = new BrokerOptions { Url = new UriBuilder(Queue.Broker.Url) { Host = "127.0.0.1", Port = relay.Port }.Uri };
        await using var services = new ServiceCollection().AddLogging().AddFleetMessaging(broker).BuildServiceProvider();
        await using var lease = await services.GetRequiredService<IRankLeases>().AcquireAsync("lost_" + Guid.NewGuid().ToString("N")[..8], null, CancellationToken.None);
        var lost = new TaskCompletionSource();
        await using var told = lease.Lost.Register(() => lost.TrySetResult());

        relay.Cut();

        await lost.Task.WaitAsync(TestFleet.Patience);
    }

    [Fact]
    public void The_queue_names_are_those_of_the_documents() =>
        Assert.Equal(("fleet.math_rule.work", "fleet.math_rule.rank-3"), (QueueNames.Work("math_rule"), QueueNames.Rank("math_rule", 3)));
}
