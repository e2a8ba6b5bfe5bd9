using System.Threading.Channels;

namespace Fleet.Worker.Models;

/// <summary>Gathers single requests into batches: whatever waits while one batch runs is the next one.</summary>
internal sealed class BatchQueue<TRequest, TAnswer> : IAsyncDisposable
{
    private readonly Channel<Waiting> _waiting = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Func<IReadOnlyList<TRequest>, IReadOnlyList<TAnswer>> _run;
    private readonly int _most;
    private readonly Task _loop;

    /// <summary>Starts the queue.</summary>
    /// <param name="run">Answers a batch, one answer for each request; an exception is the answer to all of them.</param>
    /// <param name="most">The most requests in a batch.</param>
    public BatchQueue(Func<IReadOnlyList<TRequest>, IReadOnlyList<TAnswer>> run, int most)
    {
        _run = run;
        _most = most;
        _loop = Task.Factory.StartNew(LoopAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    /// <summary>The answer to a request.</summary>
    public Task<TAnswer> AskAsync(TRequest request, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(request, cancellationToken);
        return _waiting.Writer.TryWrite(waiting) ? waiting.Answer.Task.WaitAsync(cancellationToken) : throw new ObjectDisposedException(nameof(BatchQueue<TRequest, TAnswer>));
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
    }

    private async Task LoopAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync())
        {
            List<Waiting> batch = [];
            while (batch.Count < _most && _waiting.Reader.TryRead(out var waiting))
                if (!waiting.Cancellation.IsCancellationRequested) batch.Add(waiting);
            if (batch.Count == 0) continue;
            try
            {
                foreach (var (waiting, answer) in batch.Zip(_run([.. batch.Select(w => w.Request)]))) waiting.Answer.TrySetResult(answer);
            }
            catch (Exception fault) when (fault is ModelException or InvalidOperationException or ArgumentException or System.Runtime.InteropServices.ExternalException)
            {
                foreach (var waiting in batch) waiting.Answer.TrySetException(fault);
            }
        }
    }

    private sealed record Waiting(TRequest Request, CancellationToken Cancellation)
    {
        public TaskCompletionSource<TAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
