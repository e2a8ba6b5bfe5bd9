using System.Threading.Channels;

namespace Fleet.Worker.Models;

/// <summary>Gathers single requests into batches: whatever waits while one batch runs is the next one.</summary>
internal sealed class BatchQueue<TRequest, TAnswer> : IAsyncDisposable
{
    private readonly Channel<Waiting> _waiting = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _closing = new();
    private readonly Func<IReadOnlyList<TRequest>, CancellationToken, IReadOnlyList<TAnswer>> _run;
    private readonly int _most;
    private readonly Task _loop;

    /// <summary>Starts the queue.</summary>
    /// <param name="run">Answers a batch, one answer for each request; an exception is the answer to all of them. Cancelled when nobody waits for the batch any more.</param>
    /// <param name="most">The most requests in a batch.</param>
    public BatchQueue(Func<IReadOnlyList<TRequest>, CancellationToken, IReadOnlyList<TAnswer>> run, int most)
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

    /// <summary>Ends the batch that runs; whoever still waits hears that it was cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_waiting.Writer.TryComplete()) await _closing.CancelAsync();
        await _loop;
        _closing.Dispose();
    }

    private async Task LoopAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync())
        {
            List<Waiting> batch = [];
            while (batch.Count < _most && _waiting.Reader.TryRead(out var waiting))
                if (!waiting.Cancellation.IsCancellationRequested) batch.Add(waiting);
            if (batch.Count > 0) Answer(batch);
        }
    }

    private void Answer(List<Waiting> batch)
    {
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        var callers = batch.Count;
        var watches = batch.ConvertAll(waiting => waiting.Cancellation.Register(() =>
        {
            if (Interlocked.Decrement(ref callers) == 0) abandoned.Cancel();
        }));
        try
        {
            abandoned.Token.ThrowIfCancellationRequested();
            foreach (var (waiting, answer) in batch.Zip(_run([.. batch.Select(w => w.Request)], abandoned.Token))) waiting.Answer.TrySetResult(answer);
        }
        catch (OperationCanceledException)
        {
            foreach (var waiting in batch) waiting.Answer.TrySetCanceled();
        }
#pragma warning disable CA1031 // A fence around the batch: whatever broke, its callers hear of it and the next batch runs.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            foreach (var waiting in batch) waiting.Answer.TrySetException(fault);
        }
        finally
        {
            foreach (var watch in watches) watch.Dispose();
        }
    }

    private sealed record Waiting(TRequest Request, CancellationToken Cancellation)
    {
        public TaskCompletionSource<TAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
