using MassTransit;

namespace Fleet.Messaging;

/// <summary>The policy of each kind of queue, the same on a broker and in memory as far as it exists there.</summary>
internal static class EndpointPolicies
{
    /// <summary>A queue of parts: shared, durable, replicated, a small prefetch, one consumer at a time on a rank's queue.</summary>
    public static void Parts(IReceiveEndpointConfigurator endpoint, BrokerOptions options, int slots, bool isRank)
    {
        Common(endpoint);
        endpoint.ConcurrentMessageLimit = slots;
        // Twice the slots hides the way to the broker; more would keep parts from workers that are free.
        endpoint.PrefetchCount = Math.Max(2, slots * 2);
        if (endpoint is not IRabbitMqReceiveEndpointConfigurator rabbit) return;

        if (options.QuorumQueues) rabbit.SetQuorumQueue();
        rabbit.SingleActiveConsumer = isRank;
        rabbit.QueueExpiration = options.QueueExpiry;
    }

    /// <summary>A queue of one process: it goes when the process goes.</summary>
    public static void Own(IReceiveEndpointConfigurator endpoint, string? bindTo)
    {
        Common(endpoint);
        switch (endpoint)
        {
            case IRabbitMqReceiveEndpointConfigurator rabbit:
                rabbit.AutoDelete = true;
                rabbit.PrefetchCount = 256;
                if (bindTo is not null) rabbit.Bind(bindTo);
                break;
            case IInMemoryReceiveEndpointConfigurator memory when bindTo is not null:
                memory.Bind(bindTo);
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
