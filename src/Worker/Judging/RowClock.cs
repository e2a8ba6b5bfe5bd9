namespace Fleet.Worker.Judging;

/// <summary>The time that may be spent on one row. Tells a row that is late from a caller who gave up.</summary>
/// <remarks>For one flow of control at a time.</remarks>
public sealed class RowClock : IDisposable
{
    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenSource _linked;
    private readonly CancellationToken _caller;
    private readonly TimeProvider _time;
    private TimeSpan _left;
    private long _since;

    /// <summary>Starts the clock.</summary>
    /// <param name="limit">What may be spent; above 0.</param>
    /// <param name="time">What measures it.</param>
    /// <param name="caller">Gives the row up.</param>
    public RowClock(TimeSpan limit, TimeProvider time, CancellationToken caller)
    {
        (_time, _caller, _left, _since) = (time, caller, limit, time.GetTimestamp());
        _over = new CancellationTokenSource(limit, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_over.Token, caller);
    }

    /// <summary>Whether the time is up, and the caller still waits.</summary>
    public bool IsOver => _over.IsCancellationRequested && !_caller.IsCancellationRequested;

    /// <summary>What is left; 0 or less when the time is up.</summary>
    public TimeSpan Left => _left - _time.GetElapsedTime(_since);

    /// <summary>Fires when the time is up or the caller gives up.</summary>
    public CancellationToken Token => _linked.Token;

    /// <summary>Waits for something that is no work on the row, such as its turn: the clock stands still meanwhile.</summary>
    /// <param name="wait">The wait; it ends when the caller gives up.</param>
    public async ValueTask StandStillAsync(ValueTask wait)
    {
        if (wait.IsCompleted)
        {
            await wait;
            return;
        }

        _left = Left;
        _over.CancelAfter(Timeout.InfiniteTimeSpan);
        try
        {
            await wait;
        }
        finally
        {
            _since = _time.GetTimestamp();
            _over.CancelAfter(_left > TimeSpan.Zero ? _left : TimeSpan.Zero);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _linked.Dispose();
        _over.Dispose();
    }
}
