using Fleet.Contracts.Messages;

namespace Fleet.Worker.Queue;

/// <summary>Lets as many parts be worked on at once as a worker has slots, whichever queue they came from; evaluation goes first.</summary>
/// <param name="slots">Parts at once.</param>
/// <param name="room">What the worker shares with the other domains of its process.</param>
/// <param name="time">The clock.</param>
internal sealed class PartSlots(int slots, ProcessRoom room, TimeProvider time)
{
    // The broker closes the channel of whoever keeps a message for half an hour, and with it goes what is in hand.
    private static readonly TimeSpan Starved = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _evaluation = new();
    private readonly Queue<(TaskCompletionSource Turn, long Since)> _training = new();
    private int _free = slots;

    /// <summary>Waits for a slot, which <see cref="Leave"/> gives back.</summary>
    /// <param name="lane">Whose turn it is when several wait.</param>
    /// <param name="alone">Whether the process does nothing else meanwhile.</param>
    /// <param name="cancellation">Ends the waiting without a slot.</param>
    public async ValueTask EnterAsync(Lane lane, bool alone, CancellationToken cancellation)
    {
        await TakeSlotAsync(lane, cancellation);
        try
        {
            await room.EnterAsync(alone, cancellation);
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

    private async ValueTask TakeSlotAsync(Lane lane, CancellationToken cancellation)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return;
            }

            if (lane == Lane.Evaluation) _evaluation.Enqueue(turn);
            else _training.Enqueue((turn, time.GetTimestamp()));
        }

        await using var given = cancellation.Register(() => turn.TrySetCanceled(cancellation));
        await turn.Task;
    }

    private void LeaveSlot()
    {
        lock (_lock)
        {
            while (Next() is { } next)
            {
                if (next.TrySetResult()) return;
            }

            _free++;
        }
    }

    private TaskCompletionSource? Next()
    {
        var isStarved = _training.TryPeek(out var oldest) && time.GetElapsedTime(oldest.Since) > Starved;
        if (!isStarved && _evaluation.TryDequeue(out var evaluation)) return evaluation;
        return _training.TryDequeue(out var training) ? training.Turn : null;
    }
}
