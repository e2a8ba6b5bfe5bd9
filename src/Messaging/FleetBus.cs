using Fleet.Contracts;
using Fleet.Contracts.Messages;
using Fleet.Contracts.Names;
using MassTransit;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Messaging;

/// <summary>The fleet's queues, on a broker or in this process: who listens where, and how a message gets there.</summary>
/// <remarks>
/// Everything is sent to an exchange, never to a queue: MassTransit would declare the queue again with other arguments
/// and retry the refusal without end.
/// </remarks>
public sealed class FleetBus(IBus bus, IReceiveEndpointConnector endpoints, BrokerOptions options)
{
    // A queue that outlived a restart of the broker, and whose process did not come back, stays; what is told to all does not fill it.
    private static readonly TimeSpan ToldToAllFor = TimeSpan.FromMinutes(1);

    /// <summary>Whether messages can be sent at this moment; in this process they always can.</summary>
    public bool IsConnected => options.IsInMemory || bus is IBusControl control && control.CheckHealth().Status != BusHealthStatus.Unhealthy;

    /// <summary>Serves the queue that all ranks of a domain share.</summary>
    public Task<IAsyncDisposable> ServeWorkAsync(string domain, int slots, IConsumer consumer, CancellationToken cancellation) =>
        ConnectAsync(QueueNames.Work(domain), endpoint => EndpointPolicies.Parts(endpoint, options, slots, isRank: false), consumer, cancellation);

    /// <summary>Serves the queue of evaluation parts that all ranks of a domain share.</summary>
    public Task<IAsyncDisposable> ServeEvaluationAsync(string domain, int slots, IConsumer consumer, CancellationToken cancellation) =>
        ConnectAsync(QueueNames.Evaluation(domain), endpoint => EndpointPolicies.Parts(endpoint, options, slots, isRank: false), consumer, cancellation);

    /// <summary>Serves the queue of one rank; while another process still does, the broker keeps this one waiting.</summary>
    public Task<IAsyncDisposable> ServeRankAsync(string domain, int rank, int slots, IConsumer consumer, CancellationToken cancellation) =>
        ConnectAsync(QueueNames.Rank(domain, rank), endpoint => EndpointPolicies.Parts(endpoint, options, slots, isRank: true), consumer, cancellation);

    /// <summary>Hears the broadcasts of a domain, and what is sent to this worker alone.</summary>
    public Task<IAsyncDisposable> HearBroadcastsAsync(string domain, string worker, IConsumer consumer, CancellationToken cancellation) =>
        ConnectAsync(QueueNames.WorkerBroadcast(domain, worker), endpoint => EndpointPolicies.Own(endpoint, QueueNames.Broadcast(domain), (QueueNames.ToOneWorker(domain), worker)), consumer, cancellation);

    /// <summary>Receives what is sent to this dispatcher.</summary>
    public Task<IAsyncDisposable> ReceiveRepliesAsync(string dispatcher, IConsumer consumer, CancellationToken cancellation) =>
        ConnectAsync(QueueNames.DispatcherReplies(dispatcher), endpoint => EndpointPolicies.Own(endpoint, fanout: null, (QueueNames.Replies, dispatcher)), consumer, cancellation);

    /// <summary>Hears what workers tell of themselves.</summary>
    public Task<IAsyncDisposable> HearAnnouncementsAsync(string dispatcher, IConsumer consumer, CancellationToken cancellation) =>
        ConnectAsync(QueueNames.DispatcherAnnouncements(dispatcher), endpoint => EndpointPolicies.Own(endpoint, QueueNames.Announcements, direct: null), consumer, cancellation);

    /// <summary>Puts a command into a queue of parts.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="command">The command.</param>
    /// <param name="timeToLive">How long the broker keeps it; null for as long as the queue lives.</param>
    /// <param name="isPersistent">Whether it outlives a restart of the broker.</param>
    /// <param name="cancellation">Ends the waiting for the broker's confirmation.</param>
    /// <returns>False when there is no such queue: nobody serves it, or ever did.</returns>
    /// <exception cref="FleetException">The broker is away.</exception>
    public Task<bool> TrySendAsync(string queue, WorkerCommand command, TimeSpan? timeToLive, bool isPersistent, CancellationToken cancellation) =>
        TrySendAsync(
            $"exchange:{queue}",
            command,
            context =>
            {
                context.TimeToLive = timeToLive;
                context.Durable = isPersistent;
                Mandatory(context);
            },
            cancellation);

    /// <summary>Sends a reply, or a word about a part, to the dispatcher that waits for it.</summary>
    /// <returns>False when that dispatcher is gone, or has not come back yet after the broker did. In one process nobody can tell.</returns>
    /// <exception cref="FleetException">The broker is away.</exception>
    public Task<bool> ReplyAsync<T>(string dispatcher, T message, CancellationToken cancellation) where T : class =>
        TellOneAsync(QueueNames.Replies, dispatcher, message, cancellation);

    /// <summary>Tells one worker.</summary>
    /// <returns>False when that worker is gone, or has not come back yet after the broker did. In one process nobody can tell.</returns>
    /// <exception cref="FleetException">The broker is away.</exception>
    public Task<bool> TellWorkerAsync<T>(string domain, string worker, T message, CancellationToken cancellation) where T : class =>
        TellOneAsync(QueueNames.ToOneWorker(domain), worker, message, cancellation);

    /// <summary>Tells every worker of a domain.</summary>
    /// <exception cref="FleetException">The broker is away.</exception>
    public Task BroadcastAsync<T>(string domain, T message, CancellationToken cancellation) where T : class =>
        TellAllAsync(QueueNames.Broadcast(domain), message, cancellation);

    /// <summary>Tells every dispatcher.</summary>
    /// <exception cref="FleetException">The broker is away.</exception>
    public Task AnnounceAsync<T>(T announcement, CancellationToken cancellation) where T : class =>
        TellAllAsync(QueueNames.Announcements, announcement, cancellation);

    private Task<bool> TellAllAsync<T>(string exchange, T message, CancellationToken cancellation) where T : class =>
        TrySendAsync($"exchange:{exchange}", message, context => (context.Durable, context.TimeToLive) = (false, ToldToAllFor), cancellation);

    // The exchange is one for all and stays: one for each would be left behind by every reply to somebody who is gone.
    private Task<bool> TellOneAsync<T>(string exchange, string name, T message, CancellationToken cancellation) where T : class =>
        TrySendAsync(
            $"exchange:{exchange}?type=direct",
            message,
            context =>
            {
                // What is lost with the broker is said again: announcements every second, replies when the part is asked for again.
                context.Durable = false;
                context.SetRoutingKey(name);
                Mandatory(context);
            },
            cancellation);

    private static void Mandatory(SendContext context)
    {
        if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit)) rabbit.Mandatory = true;
    }

    private async Task<bool> TrySendAsync<T>(string address, T message, Action<SendContext<T>> how, CancellationToken cancellation) where T : class
    {
        try
        {
            var exchange = await bus.GetSendEndpoint(new Uri(address));
            await exchange.Send(message, how, cancellation);
            return true;
        }
        catch (MessageReturnedException)
        {
            return false;
        }
        catch (Exception away) when (away is MassTransitException or RabbitMQClientException or TimeoutException)
        {
            throw new FleetException($"The message did not reach the broker at {options.Display}: {away.Message}", isTransient: true, away);
        }
    }

    private async Task<IAsyncDisposable> ConnectAsync(
        string queue, Action<IReceiveEndpointConfigurator> policy, IConsumer consumer, CancellationToken cancellation)
    {
        var handle = endpoints.ConnectReceiveEndpoint(queue, (_, endpoint) =>
        {
            policy(endpoint);
            endpoint.Instance((object)consumer);
        });
        await handle.Ready.WaitAsync(cancellation);
        return new Endpoint(handle);
    }

    private sealed class Endpoint(HostReceiveEndpointHandle handle) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await handle.StopAsync();
    }
}
