using RabbitMQ.Client;

namespace Fleet.Messaging.Budgets;

/// <summary>The queues of budgets: reached through the fanout exchange of their own name, like all others of ours, and gone when nobody needs them.</summary>
internal static class BudgetQueue
{
    private static readonly TimeSpan Unused = TimeSpan.FromMinutes(5);

    /// <summary>Declares a queue and its exchange.</summary>
    public static async Task DeclareAsync(IChannel channel, string name, Dictionary<string, object?> arguments, CancellationToken cancellation)
    {
        await channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, autoDelete: true, cancellationToken: cancellation);
        arguments["x-expires"] = (long)Unused.TotalMilliseconds;
        await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellation);
        await channel.QueueBindAsync(name, name, routingKey: "", cancellationToken: cancellation);
    }
}
