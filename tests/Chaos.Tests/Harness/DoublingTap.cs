using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Fleet.Contracts.Names;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Fleet.Chaos.Tests.Harness;

/// <summary>Stands between exchanges and their queues, and delivers every message twice.</summary>
internal sealed class DoublingTap : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly HashSet<string> _dispatchers = new(StringComparer.Ordinal);
    private int _commands;
    private int _replies;

    private DoublingTap(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    /// <summary>Commands that were delivered twice.</summary>
    public int Commands => Volatile.Read(ref _commands);

    /// <summary>Replies, and words about parts, that were delivered twice.</summary>
    public int Replies => Volatile.Read(ref _replies);

    /// <summary>Taps the shared queues of some domains, which are served already, and the replies to whoever sends commands to them.</summary>
    public static async Task<DoublingTap> OpenAsync(Uri broker, IEnumerable<string> domains)
    {
        var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
        var tap = new DoublingTap(connection, await connection.CreateChannelAsync());
        foreach (var queue in domains.SelectMany(domain => (string[])[QueueNames.Work(domain), QueueNames.Evaluation(domain)])) await tap.TapAsync(queue, tap.CommandAsync);
        return tap;
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    // First the new way, then the old one away: an exchange that goes when nothing is bound to it stays.
    private async Task TapAsync(string name, Func<BasicDeliverEventArgs, Task> seen)
    {
        var tap = await _channel.QueueDeclareAsync($"tap.{name}", durable: false, exclusive: true, autoDelete: true);
        await _channel.QueueBindAsync(tap.QueueName, name, "");
        var consumer = new AsyncEventingBasicConsumer(_channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            await seen(message);
            for (var time = 0; time < 2; time++) await _channel.BasicPublishAsync("", name, mandatory: false, new BasicProperties(message.BasicProperties), message.Body.ToArray());
        };
        await _channel.BasicConsumeAsync(tap.QueueName, autoAck: true, consumer);
        await _channel.QueueUnbindAsync(name, name, "");
    }

    // The head of a command says where its replies go.
    private async Task CommandAsync(BasicDeliverEventArgs message)
    {
        Interlocked.Increment(ref _commands);
        var body = message.Body.ToArray();
        var head = JsonNode.Parse(body.AsSpan(4, (int)BinaryPrimitives.ReadUInt32LittleEndian(body)))!;
        var dispatcher = (string)head["reply_to"]!;
        if (!_dispatchers.Add(dispatcher)) return;
        await TapAsync(QueueNames.DispatcherReplies(dispatcher), _ =>
        {
            Interlocked.Increment(ref _replies);
            return Task.CompletedTask;
        });
    }
}
