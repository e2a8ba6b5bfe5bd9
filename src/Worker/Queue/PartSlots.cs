using Fleet.Contracts.Messages;

namespace Fleet.Worker.Queue;

/// <summary>Lets as many parts be worked on at once as a worker has slots, whichever queue they came from; evaluation goes first.</summary>
/// <param name="slots">Parts at once.</param>
/// <param name="room">What the worker shares with the other domains of its process.</param>
internal sealed class PartSlots(int slots, ProcessRoom room)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource<bool>> _evaluation = new();
    private readonly Queue<TaskCompletionSource<bool>> _training = new();
    private int _free = slots;
    private bool _isClosed;

    /// <summary>Waits for a slot.</summary>
    /// <param name="lane">Whose turn it is when several wait.</param>
    /// <param name="alone">Whether the process does nothing else meanwhile.</param>
    /// <param name="cancellation">Ends the waiting without a slot.</param>
    /// <returns>True when a slot is taken: give it back with <see cref="Leave"/>. False when there will be none: the worker leaves.</returns>
    public async ValueTask<bool> EnterAsync(Lane lane, bool alone, CancellationToken cancellation)
    {
        if (!await TakeSlotAsync(lane, cancellation)) return false;
        try
        {
            await room.EnterAsync(alone, cancellation);
            return true;
        }
        catch
        {
            LeaveSlot();
            throw;
        }
    }

    /// <summary>Gives a slot back.</summary>
    public void Leave()
    {
        room.Leave();
        LeaveSlot();
    }

    /// <summary>Lets nobody in any more; who waits for a slot is turned away.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            while (_evaluation.TryDequeue(out var next) || _training.TryDequeue(out next)) next.TrySetResult(false);
        }
    }

    private async ValueTask<bool> TakeSlotAsync(Lane lane, CancellationToken cancellation)
    {
        TaskCompletionSource<bool> turn;
        lock (_lock)
        {
            if (_isClosed) return false;
            if (_free > 0)
            {
                _free--;
                return true;
            }

            turn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            (lane == Lane.Evaluation ? _evaluation : _training).Enqueue(turn);
        }

        await using var given = cancellation.Register(() => turn.TrySetCanceled(cancellation));
        return await turn.Task;
    }

    private void LeaveSlot()
    {
        lock (_lock)
        {
            while (_evaluation.TryDequeue(out var next) || _training.TryDequeue(out next))
            {
                if (next.TrySetResult(true)) return;
            }

            _free++;
        }
    }
}
