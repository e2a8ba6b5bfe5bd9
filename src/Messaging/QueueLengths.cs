using Fleet.Contracts;
using Fleet.Contracts.Names;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Messaging;

/// <summary>How long the queues of domains are, as the broker counts: for people, meters and autoscalers.</summary>
public sealed class QueueLengths(BrokerOptions options) : IAsyncDisposable
{
    private readonly SideConnection _side = new(options, "fleet queue lengths");

    /// <summary>Asks the broker about the queues of a domain; one that nobody has declared is empty.</summary>
    /// <exception cref="FleetException">The broker is away, or does not let this user look.</exception>
    public async Task<DomainQueues> OfAsync(string domain, CancellationToken cancellation) => new(
        await LengthAsync(QueueNames.Work(domain), cancellation),
        await LengthAsync(QueueNames.Evaluation(domain), cancellation),
        await LengthAsync(QueueNames.Dead(domain), cancellation));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _side.DisposeAsync();

    // A channel for each: the broker closes the one on which a queue is asked for that is not there.
    private Task<uint> LengthAsync(string queue, CancellationToken cancellation) => _side.UseAsync(
        async channel =>
        {
            try
            {
                return await channel.MessageCountAsync(queue, cancellation);
            }
            catch (OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode == 404)
            {
                return 0u;
            }
        },
        cancellation);
}

/// <summary>Messages that wait in the queues of a domain.</summary>
/// <param name="Work">Parts that any rank may take.</param>
/// <param name="Evaluation">Parts of the evaluation lane: evaluations, and what was sent again.</param>
/// <param name="Dead">Dead letters.</param>
public readonly record struct DomainQueues(uint Work, uint Evaluation, uint Dead);
