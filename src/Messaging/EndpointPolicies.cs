using MassTransit;
using MassTransit.Transports.Fabric;

namespace Fleet.Messaging;

/// <summary>The policy of each kind of queue, the same on a broker and in memory as far as it exists there.</summary>
internal static class EndpointPolicies
{
    private const int MostAhead = 16;

    /// <summary>A queue of parts: shared, durable, replicated, a small prefetch, one consumer at a time on a rank's queue.</summary>
    public static void Parts(IReceiveEndpointConfigurator endpoint, BrokerOptions options, int slots, bool isRank)
    {
        Common(endpoint);
        endpoint.ConcurrentMessageLimit = slots;
        // As many again hide the way to the broker; more would keep parts from workers that are free.
        endpoint.PrefetchCount = slots + Math.Clamp(slots, 1, MostAhead);
        if (endpoint is not IRabbitMqReceiveEndpointConfigurator rabbit) return;

        if (options.QuorumQueues) rabbit.SetQuorumQueue();
        rabbit.SingleActiveConsumer = isRank;
        rabbit.QueueExpiration = options.QueueExpiry;
    }

    /// <summary>A queue of one process: it goes when the process goes.</summary>
    /// <param name="endpoint">The queue's endpoint.</param>
    /// <param name="fanout">What is told to all; null for nothing.</param>
    /// <param name="direct">What is told to this one by name; null for nothing.</param>
    public static void Own(IReceiveEndpointConfigurator endpoint, string? fanout, (string Exchange, string Name)? direct)
    {
        Common(endpoint);
        switch (endpoint)
        {
            case IRabbitMqReceiveEndpointConfigurator rabbit:
                rabbit.AutoDelete = true;
                rabbit.PrefetchCount = 256;
                if (fanout is not null) rabbit.Bind(fanout);
                if (direct is (var exchange, var name))
                {
                    rabbit.Bind(exchange, binding => (binding.ExchangeType, binding.RoutingKey, binding.Durable, binding.AutoDelete) = ("direct", name, true, false));
                }

                break;
            case IInMemoryReceiveEndpointConfigurator memory:
                if (fanout is not null) memory.Bind(fanout);
                if (direct is (var direction, var worker)) memory.Bind(direction, ExchangeType.Direct, worker);
                break;
        }
    }

    private static void Common(IReceiveEndpointConfigurator endpoint)
    {
        // The queue is reached by name only; without this it would also get everything published of its message types.
        endpoint.ConfigureConsumeTopology = false;
        // A fault is counted and logged here; nobody asks for a message about it.
        endpoint.PublishFaults = false;
    }
}
