using Fleet.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Messaging;

/// <summary>A connection beside the bus's own, for what is asked of the broker now and then: opened when it is first needed, and again when it broke.</summary>
internal sealed class SideConnection(BrokerOptions options, string name) : IAsyncDisposable
{
    private static readonly CreateChannelOptions Confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private readonly SemaphoreSlim _opening = new(1);
    private IConnection? _connection;

    /// <summary>Uses a channel, which ends with the use; what was taken and not acknowledged goes back then.</summary>
    /// <exception cref="FleetException">The broker is away, or refuses it: what it said.</exception>
    public async Task<T> UseAsync<T>(Func<IChannel, Task<T>> use, CancellationToken cancellation)
    {
        var connection = await OpenAsync(cancellation);
        try
        {
            await using var channel = await connection.CreateChannelAsync(Confirmed, cancellation);
            return await use(channel);
        }
        catch (Exception refused) when (refused is RabbitMQClientException or IOException or TimeoutException)
        {
            var said = (refused as OperationInterruptedException)?.ShutdownReason?.ReplyText ?? refused.Message;
            throw new FleetException($"The broker at {options.Display} did not do what was asked: {said.TrimEnd('.')}.", isTransient: true, refused);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        _opening.Dispose();
    }

    private async Task<IConnection> OpenAsync(CancellationToken cancellation)
    {
        await _opening.WaitAsync(cancellation);
        try
        {
            if (_connection is { IsOpen: true } open) return open;
            if (_connection is not null) await _connection.DisposeAsync();
            return _connection = await BrokerConnection.OpenAsync(options, name, cancellation);
        }
        finally
        {
            _opening.Release();
        }
    }
}
