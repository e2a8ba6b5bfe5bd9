using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Fleet.Contracts.Names;
using Fleet.Dispatcher.Clusters;
using Fleet.Dispatcher.Collecting;
using Fleet.Dispatcher.Dispatch;
using Fleet.Dispatcher.Observability;
using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Runs;

namespace Fleet.Dispatcher;

/// <summary>One open call: rows go in as they come, results come out as they finish, and neither end can run away from the other.</summary>
internal sealed class RewardCall(CallContext context, PartScorer scorer, RankTargets targets, DispatcherOptions options, CallOptions callOptions, TimeProvider time)
    : IDisposable
{
    private readonly Channel<(long Sequence, RowReward Reward)> _results = Channel.CreateUnbounded<(long, RowReward)>();
    private readonly SemaphoreSlim _room = new(callOptions.MaxRowsInFlight ?? options.MaxRowsInFlight);
    private readonly Dictionary<string, OpenPart> _open = new(StringComparer.Ordinal);
    private int _running = 1;
    private Exception? _readingFailure;

    /// <summary>Scores rows.</summary>
    public async IAsyncEnumerable<RowReward> ScoreAsync(IAsyncEnumerable<Row> rows, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = Task.Run(() => ReadAllAsync(rows, stop.Token), CancellationToken.None);
        try
        {
            var results = callOptions.InOrder ? InOrderAsync() : AsFinishedAsync();
            await foreach (var result in results)
            {
                _room.Release();
                yield return result;
            }

            await reading;
        }
        finally
        {
            // A caller that stops listening, or fails, gives the rest up.
            if (!reading.IsCompleted || Volatile.Read(ref _running) > 0) await stop.CancelAsync();
        }
    }

    public void Dispose() => _room.Dispose();

    private async Task ReadAllAsync(IAsyncEnumerable<Row> rows, CancellationToken cancellation)
    {
        try
        {
            await ReadRowsAsync(rows, cancellation);
        }
#pragma warning disable CA1031 // Whatever the source of the rows throws reaches the caller after the rows that were read.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            _readingFailure = broken;
        }

        CloseAll(cancellation);
        PartEnded(null);
    }

    private async Task ReadRowsAsync(IAsyncEnumerable<Row> rows, CancellationToken cancellation)
    {
        var sequence = 0L;
        await using var source = rows.GetAsyncEnumerator(cancellation);
        while (await NextAsync(source, cancellation))
        {
            if (!_room.Wait(0, CancellationToken.None))
            {
                // Nothing more may wait for company while nothing more is read.
                CloseAll(cancellation);
                await _room.WaitAsync(cancellation);
            }

            Add(sequence++, source.Current, cancellation);
        }
    }

    // While rows come, parts fill up; when none comes for a moment, what is there goes out.
    private async ValueTask<bool> NextAsync(IAsyncEnumerator<Row> source, CancellationToken cancellation)
    {
        var next = source.MoveNextAsync();
        if (next.IsCompleted || _open.Count == 0) return await next;

        var coming = next.AsTask();
        await Task.WhenAny(coming, Task.Delay(options.PartQuiet, time, cancellation));
        if (!coming.IsCompleted) CloseAll(cancellation);
        return await coming;
    }

    private void Add(long sequence, Row row, CancellationToken cancellation)
    {
        if (callOptions.Finished?.Invoke(row) is { } finished)
        {
            _results.Writer.TryWrite((sequence, finished));
            return;
        }

        var (domain, problem) = row.Problem is null ? RowRouter.Route(context.Run, row.Domain, row.Tag) : (null, row.Problem);
        if (problem is not null)
        {
            Finish(sequence, RowReward.Unscored(row, domain?.Domain ?? row.Domain, RowStatus.Invalid, problem.Code, problem.Sentence));
            return;
        }

        // One kind of row a part: a row without ids would get empty ones from a neighbour that has some.
        var key = $"{domain!.Domain}#{row.Value("prompt_ids") is not null}#{row.Value("response_ids") is not null}";
        if (_open.TryGetValue(key, out var part) && part.IsFullFor(row, options)) Close(key, cancellation);
        if (!_open.TryGetValue(key, out part)) _open[key] = part = new OpenPart(domain);
        part.Add(sequence, row);
    }

    private void CloseAll(CancellationToken cancellation)
    {
        foreach (var key in _open.Keys.ToList()) Close(key, cancellation);
    }

    private void Close(string key, CancellationToken cancellation)
    {
        if (!_open.Remove(key, out var part)) return;
        Interlocked.Increment(ref _running);
        _ = Task.Run(() => ScoreAsync(part, cancellation), CancellationToken.None);
    }

    private async Task ScoreAsync(OpenPart part, CancellationToken cancellation)
    {
        Exception? failure = null;
        try
        {
            var batch = RowBatch.Of(part.Rows);
            var target = callOptions.Spread == Spread.Ranks ? targets.Next(part.Domain) : null;
            var outcomes = await scorer.ScoreAsync(context, part.Domain, batch, target, cancellation);
            for (var i = 0; i < outcomes.Length; i++) Finish(part.Sequences[i], Reward(part.Rows[i], part.Domain, outcomes[i]));
        }
#pragma warning disable CA1031 // A part that fails for a reason of our own must end the call, not hang it.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            failure = defect;
        }

        PartEnded(failure);
    }

    private void Finish(long sequence, RowReward reward)
    {
        DispatcherMetrics.RowDone(reward.Domain ?? "", reward.Status);
        _results.Writer.TryWrite((sequence, reward));
    }

    private void PartEnded(Exception? failure)
    {
        if (failure is not null) _results.Writer.TryComplete(failure);
        if (Interlocked.Decrement(ref _running) == 0) _results.Writer.TryComplete(_readingFailure);
    }

    private async IAsyncEnumerable<RowReward> AsFinishedAsync()
    {
        await foreach (var (_, reward) in _results.Reader.ReadAllAsync()) yield return reward;
    }

    private async IAsyncEnumerable<RowReward> InOrderAsync()
    {
        var next = 0L;
        var early = new Dictionary<long, RowReward>();
        await foreach (var (sequence, reward) in _results.Reader.ReadAllAsync())
        {
            early[sequence] = reward;
            while (early.Remove(next, out var due))
            {
                next++;
                yield return due;
            }
        }
    }

    private static RowReward Reward(Row row, DomainDefinition domain, RowOutcome outcome) => new()
    {
        Row = row,
        Domain = domain.Domain,
        Status = outcome.Status,
        Score = outcome.Score,
        Reward = outcome.Reward,
        Reason = outcome.Reason,
        Detail = outcome.Detail,
        Components = outcome.Components,
        Rank = outcome.Rank,
        Milliseconds = outcome.Milliseconds,
    };

    private sealed class OpenPart(DomainDefinition domain)
    {
        public DomainDefinition Domain { get; } = domain;

        public List<Row> Rows { get; } = [];

        public List<long> Sequences { get; } = [];

        public long Bytes { get; private set; }

        // Rows that follow each other in one sandbox are not torn apart.
        public bool IsFullFor(Row row, DispatcherOptions options) =>
            Bytes + row.Bytes > options.MaxPartBytes
            || (Rows.Count >= options.MaxPartRows && (row.Text("sandbox_group") is not { } group || group != Rows[^1].Text("sandbox_group")));

        public void Add(long sequence, Row row)
        {
            Rows.Add(row);
            Sequences.Add(sequence);
            Bytes += row.Bytes;
        }
    }
}
