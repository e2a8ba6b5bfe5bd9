using System.Buffers.Text;
using System.Threading.Channels;
using RabbitMQ.Client;

namespace Fleet.Messaging.Budgets;

/// <summary>Permits of one kind as one process takes them: one message after the other, and only while it needs some.</summary>
/// <remarks>
/// A message is a number of permits. The broker deals the messages to the waiting processes in turn. One that dies with a
/// message in hand gives it back; one that rests has none.
/// </remarks>
internal sealed class PermitStream : IAsyncDisposable
{
    private readonly IChannel _channel;
    private readonly string _queue;
    private readonly Arrivals _arrivals;
    private Mint _mint = null!;
    private string? _consumer;

    private PermitStream(IChannel channel, string queue) => (_channel, _queue, _arrivals) = (channel, queue, new Arrivals(channel));

    public static async Task<PermitStream> OpenAsync(IConnection connection, string queue, double perMinute, TimeProvider time, CancellationToken cancellation)
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        await BudgetQueue.DeclareAsync(channel, queue, [], cancellation);
        await channel.BasicQosAsync(prefetchSize: 0, prefetchCount: 1, global: false, cancellation);
        var stream = new PermitStream(channel, queue);
        stream._mint = await Mint.OpenAsync(connection, queue, perMinute, stream._arrivals.Lost, time, cancellation);
        return stream;
    }

    /// <summary>Waits for the next permits.</summary>
    /// <exception cref="ChannelClosedException">The way to the broker broke.</exception>
    public async ValueTask<long> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            _consumer ??= await _channel.BasicConsumeAsync(_queue, autoAck: false, _arrivals, CancellationToken.None);
            var (consumer, tag, amount) = await _arrivals.Reader.ReadAsync(cancellation);
            if (consumer == _consumer)
            {
                await _channel.BasicAckAsync(tag, multiple: false, CancellationToken.None);
                return amount;
            }

            // It came when this process had stopped to take any; it is the others', or too old by now.
            await _channel.BasicNackAsync(tag, multiple: false, requeue: true, CancellationToken.None);
        }
    }

    /// <summary>Takes nothing for now, and hands back what came too many.</summary>
    public async Task RestAsync()
    {
        if (_consumer is null) return;
        await _channel.BasicCancelAsync(_consumer, noWait: false, CancellationToken.None);
        _consumer = null;
        while (_arrivals.Reader.TryRead(out var arrival)) await _channel.BasicNackAsync(arrival.Tag, multiple: false, requeue: true, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_mint is not null) await _mint.DisposeAsync();
        await _channel.DisposeAsync();
    }

    /// <summary>What the broker delivered; it ends when the channel does, or the queue.</summary>
    private sealed class Arrivals(IChannel channel) : AsyncDefaultBasicConsumer(channel)
    {
        private readonly Channel<(string Consumer, ulong Tag, long Amount)> _arrived = System.Threading.Channels.Channel.CreateUnbounded<(string, ulong, long)>();

        public ChannelReader<(string Consumer, ulong Tag, long Amount)> Reader => _arrived.Reader;

        public void Lost() => _arrived.Writer.TryComplete();

        public override Task HandleBasicDeliverAsync(
            string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
        {
            var amount = Utf8Parser.TryParse(body.Span, out long permits, out _) && permits > 0 ? permits : 0;
            _arrived.Writer.TryWrite((consumerTag, deliveryTag, amount));
            return Task.CompletedTask;
        }

        public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
        {
            Lost();
            return base.HandleBasicCancelAsync(consumerTag, cancellationToken);
        }

        public override Task HandleChannelShutdownAsync(object channel, RabbitMQ.Client.Events.ShutdownEventArgs reason)
        {
            Lost();
            return base.HandleChannelShutdownAsync(channel, reason);
        }
    }
}
