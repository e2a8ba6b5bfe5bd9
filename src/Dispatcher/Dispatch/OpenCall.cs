using Fleet.Contracts;
using Fleet.Contracts.Messages;
using Fleet.Messaging;

namespace Fleet.Dispatcher.Dispatch;

/// <summary>A call until it is disposed of; unless it was completed, its workers are told to stop.</summary>
internal sealed class OpenCall : IAsyncDisposable
{
    private static readonly TimeSpan TellingTimeout = TimeSpan.FromSeconds(2);

    // How long the rows of a call wait for the workers to be told. Ending a hundred thousand of them keeps this process busy, and
    // the workers should not go on for as long as that takes.
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(200);

    private readonly FleetBus _bus;
    private readonly IReadOnlyList<string> _domains;
    private readonly Action<OpenCall> _closed;
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenRegistration _onEnd;
    private Task? _telling;
    private bool _isCompleted;

    public OpenCall(CallContext context, FleetBus bus, IReadOnlyList<string> domains, Action<OpenCall> closed, CancellationToken cancellation)
    {
        (Context, _bus, _domains, _closed) = (context, bus, domains, closed);
        Cancelled = _end.Token;
        _onEnd = cancellation.Register(() => _ = EndAsync());
    }

    public CallContext Context { get; }

    /// <summary>Fires when the caller or an operator ends the call.</summary>
    public CancellationToken Cancelled { get; }

    /// <summary>Ends the call for whoever made it: its rows end as cancelled.</summary>
    public void EndByOperator()
    {
        Context.IsEndedByOperator = true;
        _ = EndAsync();
    }

    /// <summary>Every part is answered, unless the call was cancelled.</summary>
    public void Completed() => _isCompleted = !Cancelled.IsCancellationRequested;

    public async ValueTask DisposeAsync()
    {
        _closed(this);
        await _onEnd.DisposeAsync();
        if (!_isCompleted) await (_telling ??= TellAsync());
        _end.Dispose();
    }

    private async Task EndAsync()
    {
        _telling ??= TellAsync();
        await Task.WhenAny(_telling, Task.Delay(HeadStart));
        try
        {
            await _end.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The call was over at this very moment.
        }
    }

    private async Task TellAsync()
    {
        using var deadline = new CancellationTokenSource(TellingTimeout);
        try
        {
            await Task.WhenAll(_domains.Select(domain => _bus.BroadcastAsync(domain, new CancelCall { CallId = Context.CallId, Domain = domain }, deadline.Token)));
        }
        catch (Exception away) when (away is OperationCanceledException or FleetException)
        {
            // Without a broker there is nobody to tell; the parts end at their deadline.
        }
    }
}
