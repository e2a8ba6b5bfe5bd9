using Fleet.Contracts.Names;
using RabbitMQ.Client;

namespace Fleet.Messaging.Budgets;

/// <summary>A budget's connection to the broker, with a stream of permits for each of its limits. It is replaced when it breaks.</summary>
internal sealed class BudgetLink : IAsyncDisposable
{
    private readonly IConnection _connection;

    private BudgetLink(IConnection connection) => _connection = connection;

    /// <summary>Permits for requests; null when they are not limited.</summary>
    public PermitStream? Requests { get; private set; }

    /// <summary>Permits for tokens; null when they are not limited.</summary>
    public PermitStream? Tokens { get; private set; }

    public static async Task<BudgetLink> OpenAsync(BrokerOptions options, string domain, string account, BudgetRates rates, TimeProvider time, CancellationToken cancellation)
    {
        var link = new BudgetLink(await BrokerConnection.OpenAsync(options, $"fleet budget {domain} {account}", cancellation));
        try
        {
            if (rates.RequestsPerMinute is { } requests) link.Requests = await PermitStream.OpenAsync(link._connection, QueueNames.Permits(domain, account, "requests"), requests, time, cancellation);
            if (rates.TokensPerMinute is { } tokens) link.Tokens = await PermitStream.OpenAsync(link._connection, QueueNames.Permits(domain, account, "tokens"), tokens, time, cancellation);
            return link;
        }
        catch
        {
            await link.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes no permits for now.</summary>
    public async Task RestAsync()
    {
        if (Requests is { } requests) await requests.RestAsync();
        if (Tokens is { } tokens) await tokens.RestAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Requests is { } requests) await requests.DisposeAsync();
        if (Tokens is { } tokens) await tokens.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
