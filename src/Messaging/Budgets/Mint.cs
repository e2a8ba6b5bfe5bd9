using System.Globalization;
using System.Text;
using Fleet.Contracts.Names;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Messaging.Budgets;

/// <summary>Mints the permits of one kind while it is this process's turn, at the account's rate and never faster.</summary>
/// <remarks>
/// Every process with the budget waits at one queue with a single active consumer. In it is one message, the turn: whoever
/// has it mints. It is never acknowledged, so the broker hands it to the next one at the moment when its holder's channel
/// is gone. Turn and permits go over the same channel: who has lost the one can publish no more of the other.
/// </remarks>
internal sealed class Mint : IAsyncDisposable
{
    // More messages a second would only be work.
    private const double ShortestPause = 0.05;

    // What nobody took in half a second is gone, so that an idle fleet saves nothing up: in no minute are more than 1 % too many.
    private const double Good = 0.5;

    // A process that stood still makes up for a second of it at most: no minute begins with 2 % too many.
    private const double MostMadeUpFor = 1;

    // A broker takes a message away from a consumer that has held it for too long: half an hour unless told otherwise.
    private static readonly TimeSpan TurnRenewal = TimeSpan.FromSeconds(30);

    private readonly IChannel _channel;
    private readonly string _permits;
    private readonly double _perSecond;
    private readonly Action _lost;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private Task _minting = Task.CompletedTask;
    private (ulong Tag, long At)? _turn;

    private Mint(IChannel channel, string permits, double perMinute, Action lost, TimeProvider time) =>
        (_channel, _permits, _perSecond, _lost, _time) = (channel, permits, perMinute / 60, lost, time);

    /// <summary>Waits for its turn from now on.</summary>
    /// <param name="connection">The connection whose end is the end of the turn.</param>
    /// <param name="permits">The queue of the permits.</param>
    /// <param name="perMinute">How many are minted in a minute, by whichever process it is that does.</param>
    /// <param name="lost">Called when this process can mint no more.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends the opening.</param>
    public static async Task<Mint> OpenAsync(IConnection connection, string permits, double perMinute, Action lost, TimeProvider time, CancellationToken cancellation)
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        var mint = new Mint(channel, permits, perMinute, lost, time);
        var queue = QueueNames.Mint(permits);
        await BudgetQueue.DeclareAsync(channel, queue, new() { ["x-single-active-consumer"] = true, ["x-max-length"] = 1L }, cancellation);
        await channel.BasicQosAsync(prefetchSize: 0, prefetchCount: 1, global: false, cancellation);

        // One too many is dropped by the queue; with one waiting behind the one that is held nothing happens.
        await channel.BasicPublishAsync(queue, routingKey: "", mandatory: false, new BasicProperties(), ReadOnlyMemory<byte>.Empty, cancellation);
        await channel.BasicConsumeAsync(queue, autoAck: false, new Turns(channel, mint), cancellation);
        return mint;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _minting;
        await _channel.DisposeAsync();
    }

    private void Begin(ulong turn)
    {
        lock (_lock)
        {
            _turn = (turn, _time.GetTimestamp());
            if (_minting.IsCompleted && !_stop.IsCancellationRequested) _minting = Task.Run(RunAsync);
        }
    }

    private void End()
    {
        _lost();
        _stop.Cancel();
    }

    private async Task RunAsync()
    {
        var start = _time.GetTimestamp();
        var most = Math.Max(1, Math.Floor(_perSecond * MostMadeUpFor));
        var minted = 0.0;
        try
        {
            while (true)
            {
                var next = ((minted + 1) / _perSecond) - _time.GetElapsedTime(start).TotalSeconds;
                await Task.Delay(TimeSpan.FromSeconds(Math.Clamp(next, ShortestPause, TurnRenewal.TotalSeconds)), _time, _stop.Token);

                var due = Math.Floor(_time.GetElapsedTime(start).TotalSeconds * _perSecond) - minted;
                minted += due;
                if (due >= 1) await PublishAsync(Math.Min(due, most));
                await RenewTurnAsync();
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or OperationInterruptedException or ObjectDisposedException or IOException)
        {
            _lost();
        }
    }

    private ValueTask PublishAsync(double amount)
    {
        var lifetime = TimeSpan.FromSeconds(Math.Max(Good, 1 / _perSecond));
        var properties = new BasicProperties { Expiration = ((long)lifetime.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) };
        return _channel.BasicPublishAsync(_permits, routingKey: "", mandatory: false, properties, Encoding.ASCII.GetBytes(amount.ToString("0", CultureInfo.InvariantCulture)), _stop.Token);
    }

    // Handed back, it comes back: the active consumer stays the active one.
    private async ValueTask RenewTurnAsync()
    {
        ulong tag;
        lock (_lock)
        {
            if (_turn is not { } turn || _time.GetElapsedTime(turn.At) < TurnRenewal) return;
            (tag, _turn) = (turn.Tag, null);
        }

        await _channel.BasicNackAsync(tag, multiple: false, requeue: true, _stop.Token);
    }

    private sealed class Turns(IChannel channel, Mint mint) : AsyncDefaultBasicConsumer(channel)
    {
        public override Task HandleBasicDeliverAsync(
            string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
        {
            mint.Begin(deliveryTag);
            return Task.CompletedTask;
        }

        public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
        {
            mint.End();
            return base.HandleBasicCancelAsync(consumerTag, cancellationToken);
        }

        public override Task HandleChannelShutdownAsync(object channel, ShutdownEventArgs reason)
        {
            mint.End();
            return base.HandleChannelShutdownAsync(channel, reason);
        }
    }
}
