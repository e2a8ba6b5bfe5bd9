using System.Threading.Channels;
using Fleet.Contracts.Messages;
using Fleet.Contracts.Names;
using Fleet.Messaging;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Fleet.Unit.Tests.Messaging;

public sealed class PayloadRoundTripTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_000_000)]
    public async Task A_command_and_its_reply_arrive_as_they_were_sent(int bytes)
    {
        using var host = await StartAsync();
        var bus = host.Services.GetRequiredService<FleetBus>();
        var payload = new byte[bytes];
        new Random(7).NextBytes(payload);
        var ends = new Ends();
        await using var work = await bus.ServeWorkAsync("d", 1, ends, CancellationToken.None);
        await using var replies = await bus.ReceiveRepliesAsync("me", ends, CancellationToken.None);
        var command = new WorkerCommand(
            new CommandHeader
            {
                CallId = Guid.NewGuid(),
                Part = 3,
                Attempt = 2,
                RunId = "rün",
                ConfigHash = "h",
                Domain = "d",
                Method = "m",
                Rows = 5,
                Rank = 1,
                DpSize = 4,
                Epoch = 9,
                Deadline = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero),
                ReplyTo = "me",
                TraceParent = "00-1-2-01",
            },
            payload);
        var reply = new WorkerReply(
            new ReplyHeader { CallId = command.Header.CallId, Part = 3, Attempt = 2, Outcome = ReplyOutcome.Failed, Error = "é \"quoted\"", Worker = "w", Rank = 1, Seconds = 0.25 }, payload);

        Assert.True(await bus.TrySendAsync(QueueNames.Work("d"), command, TimeSpan.FromMinutes(1), isPersistent: false, CancellationToken.None));
        await bus.ReplyAsync("me", reply, CancellationToken.None);

        var gotCommand = await ends.Commands.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        var gotReply = await ends.Replies.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        Assert.Equal(command.Header, gotCommand.Header);
        Assert.Equal(reply.Header, gotReply.Header);
        Assert.True(gotCommand.Payload.Span.SequenceEqual(payload));
        Assert.True(gotReply.Payload.Span.SequenceEqual(payload));
        await host.StopAsync();
    }

    [Fact]
    public async Task A_broadcast_reaches_every_worker_of_its_domain_and_no_other()
    {
        using var host = await StartAsync();
        var bus = host.Services.GetRequiredService<FleetBus>();
        Ends first = new(), second = new(), other = new();
        await using var a = await bus.HearBroadcastsAsync("d", "a", first, CancellationToken.None);
        await using var b = await bus.HearBroadcastsAsync("d", "b", second, CancellationToken.None);
        await using var c = await bus.HearBroadcastsAsync("e", "c", other, CancellationToken.None);

        await bus.BroadcastAsync("d", new CancelCall { CallId = Guid.Empty, Domain = "d" }, CancellationToken.None);
        await bus.TellWorkerAsync("d", "b", new CancelCall { CallId = Guid.Empty, Domain = "told" }, CancellationToken.None);
        await bus.BroadcastAsync("e", new CancelCall { CallId = Guid.Empty, Domain = "e" }, CancellationToken.None);

        Assert.Equal("d", (await first.Cancels.Reader.ReadAsync().AsTask().WaitAsync(Patience)).Domain);
        string[] heard = [(await second.Cancels.Reader.ReadAsync().AsTask().WaitAsync(Patience)).Domain, (await second.Cancels.Reader.ReadAsync().AsTask().WaitAsync(Patience)).Domain];
        Assert.Equal(["d", "told"], heard.Order());
        Assert.Equal("e", (await other.Cancels.Reader.ReadAsync().AsTask().WaitAsync(Patience)).Domain);
        Assert.False(first.Cancels.Reader.TryRead(out _));
        await host.StopAsync();
    }

    private static async Task<IHost> StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddFleetMessaging(new BrokerOptions());
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private sealed class Ends : IConsumer<WorkerCommand>, IConsumer<WorkerReply>, IConsumer<CancelCall>
    {
        public Channel<WorkerCommand> Commands { get; } = Channel.CreateUnbounded<WorkerCommand>();

        public Channel<WorkerReply> Replies { get; } = Channel.CreateUnbounded<WorkerReply>();

        public Channel<CancelCall> Cancels { get; } = Channel.CreateUnbounded<CancelCall>();

        public Task Consume(ConsumeContext<WorkerCommand> context) => Commands.Writer.WriteAsync(context.Message).AsTask();

        public Task Consume(ConsumeContext<WorkerReply> context) => Replies.Writer.WriteAsync(context.Message).AsTask();

        public Task Consume(ConsumeContext<CancelCall> context) => Cancels.Writer.WriteAsync(context.Message).AsTask();
    }
}
