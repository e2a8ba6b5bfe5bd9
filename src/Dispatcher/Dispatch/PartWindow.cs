using Fleet.Contracts.Messages;
using Fleet.Dispatcher.Clusters;

namespace Fleet.Dispatcher.Dispatch;

/// <summary>Bounds how many parts of a domain are with the broker at once; the others wait here, not yet written.</summary>
/// <remarks>
/// Here a part of a cancelled call costs nothing, while on the broker a worker has to take it and drop it. Calls take turns: a
/// small one does not wait for all of a large one. And the broker holds what keeps the workers busy, and no more; it is enough
/// for whoever scales the workers by the length of the queue.
/// </remarks>
internal sealed class PartWindow(Membership membership, TimeProvider time)
{
    private const int Least = 256;
    private const int EachSlot = 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Domain, Lane Lane), Side> _sides = [];

    /// <summary>Rows that wait here, by domain.</summary>
    public IReadOnlyDictionary<string, int> WaitingRows
    {
        get
        {
            lock (_lock) return _sides.GroupBy(side => side.Key.Domain).ToDictionary(sides => sides.Key, sides => sides.Sum(side => side.Value.WaitingRows), StringComparer.Ordinal);
        }
    }

    /// <summary>Waits until a part may go to the broker.</summary>
    /// <param name="domain">The domain whose workers get it.</param>
    /// <param name="lane">The lane that it goes by.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="before">Ends when the part before it has gone; it stands in the line from then on.</param>
    /// <param name="patience">How long it may wait in the line.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Its place, to be given back when the part is answered; null when there was none in time.</returns>
    public async Task<Place?> EnterAsync(string domain, Lane lane, int rows, Task before, TimeSpan patience, CancellationToken cancellation)
    {
        Side side;
        lock (_lock)
        {
            if (!_sides.TryGetValue((domain, lane), out side!)) _sides[(domain, lane)] = side = new Side();
            side.WaitingRows += rows;
        }

        try
        {
            await before;
            TaskCompletionSource? turn = null;
            lock (_lock)
            {
                if (side.Line.Count == 0 && HasRoom(domain, side)) side.OnTheirWay++;
                else side.Line.Enqueue(turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            return turn is null || await IsAdmittedAsync(turn, patience, cancellation) ? new Place(this, domain, side) : null;
        }
        finally
        {
            lock (_lock) side.WaitingRows -= rows;
        }
    }

    // Whoever does not wait any more stays in the line, and is passed over.
    private async Task<bool> IsAdmittedAsync(TaskCompletionSource turn, TimeSpan patience, CancellationToken cancellation)
    {
        await using var timer = time.CreateTimer(_ => turn.TrySetException(new TimeoutException()), null, patience, Timeout.InfiniteTimeSpan);
        await using var given = cancellation.Register(() => turn.TrySetCanceled(cancellation));
        try
        {
            await turn.Task;
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void Leave(string domain, Side side)
    {
        lock (_lock)
        {
            side.OnTheirWay--;
            while (side.Line.Count > 0 && HasRoom(domain, side))
            {
                if (side.Line.Dequeue().TrySetResult()) side.OnTheirWay++;
            }
        }
    }

    private bool HasRoom(string domain, Side side) =>
        side.OnTheirWay < Least || side.OnTheirWay < EachSlot * membership.LiveWorkers(domain).Sum(worker => worker.Slots);

    /// <summary>A part's place among those that are on their way, until it is disposed of.</summary>
    internal sealed class Place(PartWindow window, string domain, Side side) : IDisposable
    {
        public void Dispose() => window.Leave(domain, side);
    }

    /// <summary>One lane of one domain.</summary>
    internal sealed class Side
    {
        public int OnTheirWay { get; set; }

        public int WaitingRows { get; set; }

        public Queue<TaskCompletionSource> Line { get; } = new();
    }
}
