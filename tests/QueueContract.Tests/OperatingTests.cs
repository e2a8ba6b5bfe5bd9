using System.Collections.Concurrent;
using Fleet.Contracts.Messages;
using Fleet.Contracts.Names;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Observability;
using MassTransit;
using RabbitMQ.Client;

namespace Fleet.QueueContract.Tests;

/// <summary>What people and autoscalers see of a fleet over RabbitMQ.</summary>
public sealed class OperatingTests(RabbitMqQueue queue) : IClassFixture<RabbitMqQueue>
{
    [Fact]
    public async Task The_lengths_of_a_domains_queues_are_on_the_meter()
    {
        await using var fleet = await TestFleet.StartAsync(queue, ranks: 1);
        await fleet.DeadLetters.CountAsync(fleet.Domain, CancellationToken.None);
        await using (var connection = await Messaging.BrokerConnection.OpenAsync(queue.Broker, "test", CancellationToken.None))
        await using (var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true)))
        {
            for (var letter = 0; letter < 2; letter++) await channel.BasicPublishAsync(QueueNames.Dead(fleet.Domain), "", mandatory: true, "a letter"u8.ToArray());
        }

        var lengths = new ConcurrentDictionary<string, long>();
        using var tap = new InstrumentTap("fleet_queue_parts", (length, tags) =>
        {
            if ((string?)tags["domain"] == fleet.Domain) lengths[(string)tags["queue"]!] = length;
        });

        await fleet.Hosted<QueueGauge>().LookAsync(CancellationToken.None);
        tap.Ask();

        Assert.Equal([("dead", 2), ("eval", 0), ("work", 0)], lengths.OrderBy(length => length.Key, StringComparer.Ordinal).Select(length => (length.Key, length.Value)));
    }

    [Fact]
    public async Task What_is_sent_to_a_dispatcher_that_is_gone_reaches_nobody()
    {
        await using var fleet = await TestFleet.StartAsync(queue, ranks: 0);
        var word = new PartTaken { CallId = Guid.NewGuid(), Part = 0, Worker = "any" };

        await using (await fleet.Bus.ReceiveRepliesAsync("gone", new Ignoring(), CancellationToken.None)) Assert.True(await fleet.Bus.ReplyAsync("gone", word, CancellationToken.None));

        Assert.False(await fleet.Bus.ReplyAsync("gone", word, CancellationToken.None));
    }

    [Fact]
    public async Task A_worker_that_does_not_answer_is_not_ready()
    {
        await using var fleet = await TestFleet.StartAsync(queue, ranks: 0, new DispatcherOptions { InitializeTimeout = TimeSpan.FromSeconds(1) });
        await using var _ = await new ScriptedWorker(fleet.Bus, fleet.Domain, confirmsRuns: false).ServeAsync();
        await fleet.WaitForWorkersAsync(1);

        var (worker, why) = Assert.Single(await fleet.Dispatcher.TryInitializeAsync(fleet.Run, fleet.Run.Domain(fleet.Domain)!, CancellationToken.None));

        Assert.Equal((fleet.Live.Single().Worker, "It did not answer within 1 s."), (worker, why));
    }

    [Fact]
    public async Task A_worker_that_left_and_comes_back_is_told_of_the_runs_again()
    {
        await using var fleet = await TestFleet.StartAsync(queue, ranks: 0);
        var worker = new ScriptedWorker(fleet.Bus, fleet.Domain);
        await using var _ = await worker.ServeAsync();
        await fleet.WaitForWorkersAsync(1);

        await fleet.Dispatcher.InitializeAsync(fleet.Run, null, CancellationToken.None);
        Assert.Equal(fleet.Run.RunId, await worker.ToldAsync());
        await worker.AnnounceAsync(WorkerState.Live);
        Assert.Equal(fleet.Run.RunId, await worker.ToldAsync());

        await worker.AnnounceAsync(WorkerState.Left);
        await worker.AnnounceAsync(WorkerState.Live);
        Assert.Equal(fleet.Run.RunId, await worker.ToldAsync());
    }

    [Fact]
    public async Task A_reply_that_comes_after_its_workers_farewell_counts()
    {
        await using var fleet = await TestFleet.StartAsync(queue, ranks: 0);
        var sentAgain = 0;
        using var tap = new InstrumentTap("fleet_parts_sent_again", (parts, tags) =>
        {
            if ((string?)tags["domain"] == fleet.Domain) Interlocked.Add(ref sentAgain, (int)parts);
        });
        ScriptedWorker worker = null!;
        worker = new ScriptedWorker(fleet.Bus, fleet.Domain, beforeReply: async () =>
        {
            await worker.AnnounceAsync(WorkerState.Left);
            await fleet.WaitForWorkersAsync(0);
        });
        await using var _ = await worker.ServeAsync();
        await fleet.WaitForWorkersAsync(1);

        var reward = Assert.Single(await fleet.ScoreAsync([("1", "1")]).WaitAsync(TestFleet.Patience));

        Assert.Equal((RowStatus.Scored, 0), (reward.Status, sentAgain));
    }

    private sealed class Ignoring : IConsumer<PartTaken>
    {
        public Task Consume(ConsumeContext<PartTaken> context) => Task.CompletedTask;
    }
}
