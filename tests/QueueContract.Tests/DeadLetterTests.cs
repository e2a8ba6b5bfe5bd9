using System.Text;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Messages;
using Fleet.Contracts.Names;
using Fleet.Contracts.Ranks;
using Fleet.Contracts.Wire;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Rollouts.Columnar;
using Fleet.Messaging;
using Fleet.Messaging.DeadLetters;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Fleet.QueueContract.Tests;

/// <summary>What no worker could do, and what none could read, on RabbitMQ.</summary>
public sealed class DeadLetterTests(RabbitMqQueue queue) : IClassFixture<RabbitMqQueue>
{
    [Fact]
    public async Task What_no_worker_could_do_is_a_dead_letter_with_its_rows_and_reason()
    {
        await using var fleet = await TestFleet.StartAsync(queue, ranks: 0, new DispatcherOptions { MaxRetries = 0 });
        await using var _ = await new ScriptedWorker(fleet.Bus, fleet.Domain, outcome: ReplyOutcome.Failed).ServeAsync();
        await fleet.WaitForWorkersAsync(1);

        var rewards = await fleet.ScoreAsync(Rows).WaitAsync(TestFleet.Patience);
        Assert.All(rewards, reward => Assert.Equal((RowStatus.Failed, "worker_failed"), (reward.Status, reward.ReasonCode)));

        var shown = new List<DeadLetter>();
        Assert.Equal(0u, await fleet.DeadLetters.EachAsync(fleet.Domain, letter => { shown.Add(letter); return Task.FromResult(false); }, CancellationToken.None));
        var letter = Assert.Single(shown);
        Assert.Equal((fleet.Domain, "It refuses.", 2), (letter.Domain, letter.Reason, letter.Command!.Header.Rows));
        Assert.Equal(["answer 0", "answer 1"], BatchRows.Of(BatchReader.Read(letter.Command.Payload), int.MaxValue).Select(row => row.Text("response")));

        Assert.Equal(1u, await fleet.DeadLetters.CountAsync(fleet.Domain, CancellationToken.None));
        Assert.Equal(1u, await fleet.DeadLetters.EachAsync(fleet.Domain, _ => Task.FromResult(true), CancellationToken.None));
        Assert.Equal(0u, await fleet.DeadLetters.CountAsync(fleet.Domain, CancellationToken.None));
        Assert.Equal(0u, await fleet.DeadLetters.PurgeAsync(fleet.Domain, CancellationToken.None));
    }

    [Fact]
    public async Task Rows_out_of_a_letter_that_fail_again_make_no_second_one()
    {
        await using var fleet = await TestFleet.StartAsync(queue, ranks: 0, new DispatcherOptions { MaxRetries = 0 });
        await using var _ = await new ScriptedWorker(fleet.Bus, fleet.Domain, outcome: ReplyOutcome.Failed).ServeAsync();
        await fleet.WaitForWorkersAsync(1);
        await fleet.ScoreAsync(Rows).WaitAsync(TestFleet.Patience);

        await fleet.ScoreAsync(Rows, new CallOptions { BuryFailures = false }).WaitAsync(TestFleet.Patience);

        Assert.Equal(1u, await fleet.DeadLetters.CountAsync(fleet.Domain, CancellationToken.None));
    }

    [Fact]
    public async Task A_message_that_nobody_can_read_is_a_dead_letter_and_the_next_is_scored()
    {
        await using var fleet = await TestFleet.StartAsync(queue, ranks: 1);

        await PublishUnreadableAsync(fleet.Domain);

        Assert.Equal("no command at all", await NextAsync(fleet.Domain));
        Assert.All(await fleet.ScoreAsync(Rows).WaitAsync(TestFleet.Patience), reward => Assert.Equal(RowStatus.Scored, reward.Status));
    }

    [Fact]
    public async Task The_documented_rights_are_enough_for_the_fleet_and_its_dead_letters()
    {
        var dispatcher = await AddUserAsync("fleet-dispatcher");
        var worker = await AddUserAsync("fleet-worker");
        await using var fleet = await TestFleet.StartAsync(new QueueOfUser(dispatcher, 1), ranks: 0);
        await fleet.AddWorkerAsync(broker: worker);
        await fleet.WaitForWorkersAsync(1);

        foreach (var options in (CallOptions[])[new(), new() { Spread = Spread.Ranks }, new() { Lane = Lane.Evaluation }])
        {
            Assert.All(await fleet.ScoreAsync(Rows, options).WaitAsync(TestFleet.Patience), reward => Assert.Equal(RowStatus.Scored, reward.Status));
        }

        // The dispatcher's letter, and the worker's.
        await fleet.DeadLetters.BuryAsync(Command(fleet), "It was given up.", TimeProvider.System.GetUtcNow(), CancellationToken.None);
        Assert.Equal(new DomainQueues(0, 0, 1), await fleet.Lengths.OfAsync(fleet.Domain, CancellationToken.None));
        Assert.Equal(1u, await fleet.DeadLetters.PurgeAsync(fleet.Domain, CancellationToken.None));
        await PublishUnreadableAsync(fleet.Domain);
        Assert.Equal("no command at all", await NextAsync(fleet.Domain));

        var leaving = fleet.Live.Single();
        await fleet.Bus.TellWorkerAsync(fleet.Domain, leaving.Worker, new DrainWorker { Domain = fleet.Domain, Worker = leaving.Worker }, CancellationToken.None);
        await fleet.WaitForWorkersAsync(0);
    }

    private static IEnumerable<(string Response, string Gold)> Rows => [("answer 0", "answer 0"), ("answer 1", "another")];

    private static WorkerCommand Command(TestFleet fleet) => new(
        new CommandHeader
        {
            CallId = Guid.NewGuid(),
            Part = 0,
            RunId = fleet.Run.RunId,
            ConfigHash = "",
            Domain = fleet.Domain,
            Method = RegisteredMethod.ComputeRewards,
            ReplyTo = "nobody",
        },
        BatchWriter.Write(DataProto.Empty));

    // The rights as docs/operations.md gives them, for the domains of these tests.
    private async Task<BrokerOptions> AddUserAsync(string name)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Fleet.sln"))) root = root.Parent!;
        var lines = await File.ReadAllLinesAsync(Path.Combine(root.FullName, "docs", "operations.md"));
        var rights = lines.SkipWhile(line => !line.Contains($"set_permissions -p rl {name} ", StringComparison.Ordinal)).Skip(1).Take(3)
            .Select(line => line.Trim(' ', '\\', '\'').Replace("(math_rule|ifeval)", "test_[^.]+", StringComparison.Ordinal)).ToArray();
        await queue.AddUserAsync(name, rights[0], rights[1], rights[2]);
        return new BrokerOptions { Url = new UriBuilder(queue.Broker.Url!) { UserName = name, Password = "secret" }.Uri };
    }

    private async Task PublishUnreadableAsync(string domain)
    {
        await using var connection = await BrokerConnection.OpenAsync(queue.Broker, "test", CancellationToken.None);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var properties = new BasicProperties
        {
            ContentType = "application/vnd.fleet.payload",
            Headers = new Dictionary<string, object?> { ["MT-MessageType"] = "urn:message:Fleet.Contracts.Messages:WorkerCommand" },
        };
        await channel.BasicPublishAsync(QueueNames.Work(domain), "", mandatory: true, properties, "no command at all"u8.ToArray());
    }

    // The next letter of a domain, as text; waits for it.
    private async Task<string> NextAsync(string domain)
    {
        await using var letters = new DeadLetterQueues(queue.Broker);
        await letters.CountAsync(domain, CancellationToken.None);
        await using var connection = await BrokerConnection.OpenAsync(queue.Broker, "test", CancellationToken.None);
        await using var channel = await connection.CreateChannelAsync();
        var arrived = new TaskCompletionSource<string>();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            arrived.TrySetResult(Encoding.UTF8.GetString(message.Body.Span));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(QueueNames.Dead(domain), autoAck: true, consumer);
        return await arrived.Task.WaitAsync(TestFleet.Patience);
    }
}
