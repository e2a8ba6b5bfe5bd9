namespace Fleet.Worker.Judging;

/// <summary>The time of one row, from when its first request may go. Tells a row that is late from a caller who gave up.</summary>
internal sealed class RowClock : IDisposable
{
    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenSource _linked;
    private readonly CancellationToken _caller;

    public RowClock(TimeSpan limit, TimeProvider time, CancellationToken caller)
    {
        _caller = caller;
        Deadline = time.GetTimestamp() + (long)(limit.TotalSeconds * time.TimestampFrequency);
        _over = new CancellationTokenSource(limit, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_over.Token, caller);
    }

    public bool IsOver => _over.IsCancellationRequested && !_caller.IsCancellationRequested;

    public long Deadline { get; }

    public CancellationToken Token => _linked.Token;

    public void Dispose()
    {
        _linked.Dispose();
        _over.Dispose();
    }
}
