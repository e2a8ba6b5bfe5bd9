using Fleet.Contracts.Names;
using MassTransit;

namespace Fleet.Messaging.DeadLetters;

/// <summary>Where a queue's endpoint puts what it could not read or take: the dead letters of its domain.</summary>
/// <remarks>Queues of one process have no domain; theirs keep MassTransit's names and go when nobody uses them.</remarks>
internal sealed class DeadLetterNames : IErrorQueueNameFormatter, IDeadLetterQueueNameFormatter
{
    public string FormatErrorQueueName(string queueName) => Domain(queueName) is { } domain ? QueueNames.Dead(domain) : queueName + "_error";

    public string FormatDeadLetterQueueName(string queueName) => Domain(queueName) is { } domain ? QueueNames.Dead(domain) : queueName + "_skipped";

    /// <summary>Makes a queue of dead letters as <see cref="DeadLetterQueues"/> declares it, whatever the queue beside it is like.</summary>
    public static void Configure(IRabbitMqQueueBindingConfigurator queue)
    {
        (queue.Durable, queue.AutoDelete, queue.QueueExpiration) = (true, false, null);
        queue.SingleActiveConsumer = false;
        foreach (var argument in new[] { "x-expires", "x-single-active-consumer", "x-quorum-initial-group-size", "x-delivery-limit" }) queue.SetQueueArgument(argument, (object)null!);
        foreach (var (name, value) in DeadLetterQueues.Arguments) queue.SetQueueArgument(name, value!);
    }

    // fleet.<domain>.work, .eval, .rank-3: the domain is what stands between.
    private static string? Domain(string queue)
    {
        var (first, last) = (queue.IndexOf('.'), queue.LastIndexOf('.'));
        return first > 0 && last > first && (queue[last..] is ".work" or ".eval" || queue[last..].StartsWith(".rank-", StringComparison.Ordinal)) ? queue[(first + 1)..last] : null;
    }
}
