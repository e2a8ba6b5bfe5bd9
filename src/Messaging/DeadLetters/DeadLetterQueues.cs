using System.Globalization;
using System.Text;
using Fleet.Contracts;
using Fleet.Contracts.Messages;
using Fleet.Contracts.Names;
using Fleet.Messaging.Serialization;
using RabbitMQ.Client;

namespace Fleet.Messaging.DeadLetters;

/// <summary>The queues of dead letters, one a domain: durable, without an end, emptied only by a person.</summary>
/// <remarks>
/// Two kinds end there: parts that the dispatcher gave up, and messages that a worker's endpoint could not read or take.
/// They are classic queues: looking at a message gives it back, and a quorum queue drops what came back too often.
/// In this process there are none; the rows' own results say everything.
/// </remarks>
public sealed class DeadLetterQueues(BrokerOptions options) : IAsyncDisposable
{
    private const string ReasonHeader = "fleet-reason";
    private const string DomainHeader = "fleet-domain";

    internal static readonly Dictionary<string, object?> Arguments = new() { ["x-queue-type"] = "classic" };

    private readonly SideConnection _side = new(options, "fleet dead letters");

    /// <summary>Puts a command away that no worker could do.</summary>
    /// <exception cref="FleetException">The broker is away, or did not take it.</exception>
    public async Task BuryAsync(WorkerCommand command, string reason, DateTimeOffset at, CancellationToken cancellation)
    {
        if (options.IsInMemory) return;
        var properties = new BasicProperties
        {
            DeliveryMode = DeliveryModes.Persistent,
            ContentType = PayloadSerializer.PayloadContentType.MediaType,
            Timestamp = new AmqpTimestamp(at.ToUnixTimeSeconds()),
            Headers = new Dictionary<string, object?> { [ReasonHeader] = reason, [DomainHeader] = command.Header.Domain },
        };
        await WithQueueAsync(
            command.Header.Domain,
            async (channel, exchange) =>
            {
                await channel.BasicPublishAsync(exchange, routingKey: "", mandatory: true, properties, PayloadSerializer.Body(command), cancellation);
                return 1;
            },
            cancellation);
    }

    /// <summary>How many dead letters a domain has.</summary>
    public Task<uint> CountAsync(string domain, CancellationToken cancellation) =>
        WithQueueAsync(domain, (channel, queue) => channel.MessageCountAsync(queue, cancellation), cancellation);

    /// <summary>Deletes all dead letters of a domain.</summary>
    /// <returns>How many there were.</returns>
    public Task<uint> PurgeAsync(string domain, CancellationToken cancellation) =>
        WithQueueAsync(domain, (channel, queue) => channel.QueuePurgeAsync(queue, cancellation), cancellation);

    /// <summary>Shows the dead letters of a domain one by one, oldest first.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="look">Looks at one; true takes it out of the queue for good, false leaves it where it is.</param>
    /// <param name="cancellation">Ends the looking.</param>
    /// <returns>How many were taken out.</returns>
    public Task<uint> EachAsync(string domain, Func<DeadLetter, Task<bool>> look, CancellationToken cancellation) =>
        WithQueueAsync(
            domain,
            async (channel, queue) =>
            {
                var taken = 0u;
                // What is left goes back when the channel is closed. Whoever adds meanwhile is not waited for.
                for (var left = await channel.MessageCountAsync(queue, cancellation); left > 0; left--)
                {
                    if (await channel.BasicGetAsync(queue, autoAck: false, cancellation) is not { } message) break;
                    if (!await look(Read(domain, message))) continue;
                    await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellation);
                    taken++;
                }

                return taken;
            },
            cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _side.DisposeAsync();

    private static DeadLetter Read(string domain, BasicGetResult message)
    {
        var headers = message.BasicProperties.Headers;
        string? Header(string name) => headers?.TryGetValue(name, out var value) == true ? value is byte[] text ? Encoding.UTF8.GetString(text) : value?.ToString() : null;
        // A part that was given up carries our reason; a message that an endpoint could not take has MassTransit's.
        var reason = Header(ReasonHeader) ?? Header("MT-Fault-Message") ?? (Header("MT-Reason") == "dead-letter" ? "No consumer takes messages of this kind." : "No reason was noted.");
        DateTimeOffset? at = message.BasicProperties.IsTimestampPresent() && message.BasicProperties.Timestamp.UnixTime > 0
            ? DateTimeOffset.FromUnixTimeSeconds(message.BasicProperties.Timestamp.UnixTime)
            : DateTimeOffset.TryParse(Header("MT-Fault-Timestamp"), CultureInfo.InvariantCulture, out var faulted) ? faulted : null;
        var body = message.Body.ToArray();
        return new DeadLetter(domain, reason, at, PayloadSerializer.TryReadCommand(body), body);
    }

    private Task<uint> WithQueueAsync(string domain, Func<IChannel, string, Task<uint>> use, CancellationToken cancellation) =>
        _side.UseAsync(async channel => await use(channel, await DeclareAsync(channel, domain, cancellation)), cancellation);

    // Reached through the exchange of its own name, as all queues of ours: the broker's own exchange would need a right outside of them.
    private static async Task<string> DeclareAsync(IChannel channel, string domain, CancellationToken cancellation)
    {
        var name = QueueNames.Dead(domain);
        await channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellation);
        await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, Arguments, cancellationToken: cancellation);
        await channel.QueueBindAsync(name, name, routingKey: "", cancellationToken: cancellation);
        return name;
    }
}
