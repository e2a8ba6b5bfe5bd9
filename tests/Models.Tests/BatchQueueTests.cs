using Fleet.Worker.Models;

namespace Fleet.Models.Tests;

public sealed class BatchQueueTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Whatever_breaks_a_batch_its_callers_hear_of_it_and_the_next_is_answered()
    {
        await using var queue = new BatchQueue<int, int>((batch, _) => batch[0] < 0 ? throw new NotImplementedException("broken") : batch, 8);
        Assert.Equal("broken", (await Assert.ThrowsAsync<NotImplementedException>(() => queue.AskAsync(-1, CancellationToken.None).WaitAsync(Long))).Message);
        Assert.Equal(7, await queue.AskAsync(7, CancellationToken.None).WaitAsync(Long));
    }

    [Fact]
    public async Task A_batch_stops_when_the_last_of_its_callers_is_gone_and_not_before()
    {
        using var go = new ManualResetEventSlim();
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var stopped = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var wasEarly = false;
        await using var queue = new BatchQueue<int, int>((batch, cancellation) =>
        {
            if (batch.Count == 1)
            {
                _started.TrySetResult();
                go.Wait(Long, CancellationToken.None);
                return batch;
            }

            first.Cancel();
            wasEarly = cancellation.IsCancellationRequested;
            second.Cancel();
            stopped.SetResult(cancellation.IsCancellationRequested);
            cancellation.ThrowIfCancellationRequested();
            return batch;
        }, 8);

        // While one batch runs the two come together.
        var holding = queue.AskAsync(0, CancellationToken.None);
        await _started.Task.WaitAsync(Long);
        var (one, other) = (queue.AskAsync(1, first.Token), queue.AskAsync(2, second.Token));
        go.Set();
        Assert.Equal(0, await holding.WaitAsync(Long));
        Assert.True(await stopped.Task.WaitAsync(Long));
        Assert.False(wasEarly);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one.WaitAsync(Long));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other.WaitAsync(Long));
    }

    [Fact]
    public async Task Closing_ends_the_batch_that_runs_and_all_that_wait()
    {
        var queue = new BatchQueue<int, int>((batch, cancellation) =>
        {
            _started.TrySetResult();
            cancellation.WaitHandle.WaitOne(Long);
            cancellation.ThrowIfCancellationRequested();
            return batch;
        }, 1);
        var running = queue.AskAsync(1, CancellationToken.None);
        await _started.Task.WaitAsync(Long);
        var waiting = queue.AskAsync(2, CancellationToken.None);
        await queue.DisposeAsync().AsTask().WaitAsync(Long);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => queue.AskAsync(3, CancellationToken.None));
    }
}
