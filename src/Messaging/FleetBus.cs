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
    private const int ReplyTries = 3;

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
        ConnectAsync(QueueNames.WorkerBroadcast(domain, worker), endpoint => EndpointPolicies.Own(endpoint, QueueNames.Broadcast(domain)), consumer, cancellation);

    /// <summary>Receives what is sent to this dispatcher.</summary>
    public Task<IAsyncDisposable> ReceiveRepliesAsync(string dispatcher, IConsumer consumer, CancellationToken cancellation) =>
        ConnectAsync(QueueNames.Replies(dispatcher), endpoint => EndpointPolicies.Own(endpoint, bindTo: null), consumer, cancellation);

    /// <summary>Hears what workers tell of themselves.</summary>
    public Task<IAsyncDisposable> HearAnnouncementsAsync(string dispatcher, IConsumer consumer, CancellationToken cancellation) =>
        ConnectAsync(QueueNames.DispatcherAnnouncements(dispatcher), endpoint => EndpointPolicies.Own(endpoint, QueueNames.Announcements), consumer, cancellation);

    /// <summary>Puts a command into a queue of parts.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="command">The command.</param>
    /// <param name="timeToLive">How long the broker keeps it; null for as long as the queue lives.</param>
    /// <param name="isPersistent">Whether it outlives a restart of the broker.</param>
    /// <param name="cancellation">Ends the waiting for the broker's confirmation.</param>
    /// <returns>False when there is no such queue: nobody serves it, or ever did.</returns>
    public async Task<bool> TrySendAsync(string queue, WorkerCommand command, TimeSpan? timeToLive, bool isPersistent, CancellationToken cancellation)
    {
        var exchange = await bus.GetSendEndpoint(new Uri($"exchange:{queue}"));
        try
        {
            await exchange.Send(
                command,
                context =>
                {
                    context.TimeToLive = timeToLive;
                    context.Durable = isPersistent;
                    if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit)) rabbit.Mandatory = true;
                },
                cancellation);
            return true;
        }
        catch (MessageReturnedException)
        {
            return false;
        }
    }

    /// <summary>Sends a reply, or a word about a part, to the dispatcher that waits for it; one that is gone waits for nothing.</summary>
    /// <exception cref="FleetException">The broker is away.</exception>
    public async Task ReplyAsync<T>(string dispatcher, T message, CancellationToken cancellation) where T : class
    {
        var exchange = QueueNames.Replies(dispatcher);
        for (var left = ReplyTries; ; left--)
        {
            try
            {
                await SendAsync($"exchange:{exchange}?autodelete=true", message, cancellation);
                return;
            }
            catch (FleetException failure) when (BrokerConnection.MissingExchange(failure) is { } missing)
            {
                // The broker closes the channel over the missing exchange, and with it goes what others were just sending.
                if (missing.Contains($"'{exchange}'", StringComparison.Ordinal)) return;
                if (left == 0) throw;
            }
        }
    }

    /// <summary>Tells every worker of a domain.</summary>
    public Task BroadcastAsync<T>(string domain, T message, CancellationToken cancellation) where T : class =>
        SendAsync($"exchange:{QueueNames.Broadcast(domain)}", message, cancellation);

    /// <summary>Tells one worker.</summary>
    public Task TellWorkerAsync<T>(string domain, string worker, T message, CancellationToken cancellation) where T : class =>
        SendAsync($"exchange:{QueueNames.WorkerBroadcast(domain, worker)}?autodelete=true", message, cancellation);

    /// <summary>Tells every dispatcher.</summary>
    public Task AnnounceAsync<T>(T announcement, CancellationToken cancellation) where T : class =>
        SendAsync($"exchange:{QueueNames.Announcements}", announcement, cancellation);

    private async Task SendAsync<T>(string address, T message, CancellationToken cancellation) where T : class
    {
        try
        {
            var exchange = await bus.GetSendEndpoint(new Uri(address));
            // What is lost with the broker is said again: announcements every second, replies when the part is asked for again.
            await exchange.Send(message, context => context.Durable = false, cancellation);
        }
        catch (Exception away) when (away is MassTransitException or RabbitMQClientException)
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
