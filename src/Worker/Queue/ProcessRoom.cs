namespace Fleet.Worker.Queue;

/// <summary>Lets the parts of all domains of a process in together, or one of them alone.</summary>
/// <remarks>Who wants to be alone goes before those who come later, or it would wait for ever in a busy process.</remarks>
internal sealed class ProcessRoom
{
    private readonly Lock _lock = new();
    private readonly LinkedList<(TaskCompletionSource Turn, bool Alone)> _waiting = new();
    private int _inside;
    private bool _isAlone;

    /// <summary>Waits until the part may be worked on; <see cref="Leave"/> ends that.</summary>
    /// <param name="alone">Whether nothing else may be worked on meanwhile.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async ValueTask EnterAsync(bool alone, CancellationToken cancellation)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        LinkedListNode<(TaskCompletionSource, bool)> place;
        lock (_lock)
        {
            place = _waiting.AddLast((turn, alone));
            Admit();
        }

        await using var given = cancellation.Register(() =>
        {
            lock (_lock)
            {
                if (!turn.TrySetCanceled(cancellation)) return;
                _waiting.Remove(place);
                Admit();
            }
        });
        await turn.Task;
    }

    /// <summary>The part is done.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _inside--;
            _isAlone = false;
            Admit();
        }
    }

    private void Admit()
    {
        while (_waiting.First is { } next && !_isAlone && (!next.Value.Alone || _inside == 0))
        {
            _waiting.RemoveFirst();
            next.Value.Turn.SetResult();
            _inside++;
            _isAlone = next.Value.Alone;
        }
    }
}
