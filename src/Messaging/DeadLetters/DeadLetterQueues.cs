using System.Globalization;
using System.Text;
using Fleet.Contracts;
using Fleet.Contracts.Messages;
using Fleet.Contracts.Names;
using Fleet.Messaging.Serialization;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

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

    private readonly SemaphoreSlim _opening = new(1);
    private IConnection? _connection;

    /// <summary>Puts a command away that no worker could do.</summary>
    /// <exception cref="FleetException">The broker did not take it.</exception>
    public async Task BuryAsync(WorkerCommand command, string reason, DateTimeOffset at, CancellationToken cancellation)
    {
        if (options.IsInMemory) return;
        try
        {
            var connection = await ConnectionAsync(cancellation);
            await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellation);
            var queue = await DeclareAsync(channel, command.Header.Domain, cancellation);
            var properties = new BasicProperties
            {
                DeliveryMode = DeliveryModes.Persistent,
                ContentType = PayloadSerializer.PayloadContentType.MediaType,
                Timestamp = new AmqpTimestamp(at.ToUnixTimeSeconds()),
                Headers = new Dictionary<string, object?> { [ReasonHeader] = reason, [DomainHeader] = command.Header.Domain },
            };
            await channel.BasicPublishAsync("", queue, mandatory: true, properties, PayloadSerializer.Body(command), cancellation);
        }
        catch (Exception refused) when (refused is RabbitMQClientException or IOException or TimeoutException)
        {
            throw new FleetException($"The broker at {options.Display} did not take a dead letter: {refused.Message}", isTransient: true, refused);
        }
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

    /// <summary>Messages that wait in a queue, and who takes from it; null when there is no such queue.</summary>
    public async Task<(uint Messages, uint Consumers)?> LookAtAsync(string queue, CancellationToken cancellation)
    {
        var connection = await ConnectionAsync(cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        try
        {
            var found = await channel.QueueDeclarePassiveAsync(queue, cancellation);
            return (found.MessageCount, found.ConsumerCount);
        }
        catch (OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode == 404)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        _opening.Dispose();
    }

    private static async Task<string> DeclareAsync(IChannel channel, string domain, CancellationToken cancellation) =>
        (await channel.QueueDeclareAsync(QueueNames.Dead(domain), durable: true, exclusive: false, autoDelete: false, Arguments, cancellationToken: cancellation)).QueueName;

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

    private async Task<uint> WithQueueAsync(string domain, Func<IChannel, string, Task<uint>> use, CancellationToken cancellation)
    {
        var connection = await ConnectionAsync(cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        return await use(channel, await DeclareAsync(channel, domain, cancellation));
    }

    private async Task<IConnection> ConnectionAsync(CancellationToken cancellation)
    {
        await _opening.WaitAsync(cancellation);
        try
        {
            if (_connection is { IsOpen: true } open) return open;
            if (_connection is not null) await _connection.DisposeAsync();
            return _connection = await BrokerConnection.OpenAsync(options, "fleet dead letters", cancellation);
        }
        finally
        {
            _opening.Release();
        }
    }
}
