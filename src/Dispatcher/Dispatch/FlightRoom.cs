namespace Fleet.Dispatcher.Dispatch;

/// <summary>How much of a call may be read and not answered: rows, and their bytes. A single row that is larger goes when nothing else is on its way.</summary>
/// <param name="maxRows">Rows.</param>
/// <param name="maxBytes">Bytes of the rows as they were given.</param>
/// <remarks>One reader enters; whoever takes results makes room.</remarks>
internal sealed class FlightRoom(int maxRows, long maxBytes)
{
    private readonly Lock _lock = new();
    private int _rows;
    private long _bytes;
    private TaskCompletionSource? _waiting;

    /// <summary>Takes a row in if there is room for it.</summary>
    public bool TryEnter(int bytes)
    {
        lock (_lock) return Enter(bytes);
    }

    /// <summary>Takes a row in as soon as there is room.</summary>
    /// <returns>False when there was none in time.</returns>
    public async Task<bool> EnterAsync(int bytes, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var timer = time.CreateTimer(_ => deadline.Cancel(), null, patience, Timeout.InfiniteTimeSpan);
        while (true)
        {
            Task room;
            lock (_lock)
            {
                if (Enter(bytes)) return true;
                room = (_waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            try
            {
                await room.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return TryEnter(bytes);
            }
        }
    }

    /// <summary>A row is answered.</summary>
    public void Leave(int bytes)
    {
        TaskCompletionSource? waiting;
        lock (_lock)
        {
            _rows--;
            _bytes -= bytes;
            (waiting, _waiting) = (_waiting, null);
        }

        waiting?.TrySetResult();
    }

    private bool Enter(int bytes)
    {
        if (_rows > 0 && (_rows >= maxRows || _bytes + bytes > maxBytes)) return false;
        _rows++;
        _bytes += bytes;
        return true;
    }
}
