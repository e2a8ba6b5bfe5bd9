namespace Fleet.Dispatcher.Dispatch;

/// <summary>The place of a part among those of its domain and call: parts are made ready at once, and handed to the broker in their order.</summary>
/// <param name="before">Ends when the part before was handed over.</param>
internal sealed class Turn(Task before)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>No order: the part goes when it is ready.</summary>
    public static Turn Any => new(Task.CompletedTask);

    /// <summary>Ends when it is this part's turn.</summary>
    public Task Before => before;

    /// <summary>Ends when it is the next part's turn.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The part was handed over, or never will be.</summary>
    public void End() => _ended.TrySetResult();
}
