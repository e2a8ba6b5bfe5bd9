using Fleet.Messaging.Budgets;

namespace Fleet.Unit.Tests.Worker.Judging;

/// <summary>A budget that gives a permit when the test says so, or at once, and keeps count.</summary>
internal sealed class WatchedBudget(bool isGenerous = true) : IRateBudget
{
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private readonly Lock _lock = new();

    /// <summary>What was taken, request by request.</summary>
    public List<long> Taken { get; } = [];

    /// <summary>What came back, all together.</summary>
    public long GivenBack { get; private set; }

    /// <summary>Tells of every request that is made.</summary>
    public Action Asked { get; set; } = () => { };

    public ValueTask TakeAsync(long tokens, CancellationToken cancellation)
    {
        var permit = new TaskCompletionSource();
        lock (_lock)
        {
            Taken.Add(tokens);
            if (isGenerous) permit.SetResult();
            else _waiting.Enqueue(permit);
        }

        Asked();
        return new ValueTask(permit.Task.WaitAsync(cancellation));
    }

    public void GiveBack(long tokens)
    {
        lock (_lock) GivenBack += tokens;
    }

    /// <summary>Lets the one who waits longest go.</summary>
    public void LetOneGo() => _waiting.Dequeue().SetResult();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
