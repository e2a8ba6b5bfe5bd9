using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Fleet.Contracts;
using Fleet.Contracts.Messages;
using Fleet.Contracts.Names;
using Fleet.Dispatcher.Clusters;
using Fleet.Dispatcher.Collecting;
using Fleet.Dispatcher.Dispatch;
using Fleet.Dispatcher.Observability;
using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Runs;

namespace Fleet.Dispatcher;

/// <summary>One open call: rows go in as they come, results come out as they finish, and neither end can run away from the other.</summary>
internal sealed class RewardCall(
    CallContext context, PartScorer scorer, RankTargets targets, PartSizes sizes, DispatcherOptions options, CallOptions callOptions, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan GroupPatience = TimeSpan.FromMilliseconds(50);

    private readonly Channel<(long Sequence, RowReward Reward)> _results = Channel.CreateUnbounded<(long, RowReward)>();
    private readonly SemaphoreSlim _room = new(callOptions.MaxRowsInFlight ?? options.MaxRowsInFlight);
    private readonly Dictionary<string, OpenPart> _open = new(StringComparer.Ordinal);
    private readonly WaitingGroups _groups = new(options);
    private int _running = 1;
    private int _gathering = 1;
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
            _readingFailure = context.IsEndedByOperator
                ? new FleetException($"The call {context.CallId:N} was ended from outside (fleet cancel); rows that were read have their results, the others were not scored.", isTransient: true, broken)
                : broken;
        }

        CloseAll(cancellation);
        Gathered(cancellation);
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
                while (!await _room.WaitAsync(GroupPatience, cancellation)) GiveUpAGroup(cancellation);
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
        var key = $"{domain!.Domain}#{RowKind.Of(row)}";
        if (_open.TryGetValue(key, out var part) && part.IsFullFor(row, sizes.RowsOf(domain.ServedBy), options.MaxPartBytes)) Close(key, cancellation);
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
        Interlocked.Increment(ref _gathering);
        Start(() => GatherAsync(part, cancellation));
    }

    private void Start(Func<Task> work)
    {
        Interlocked.Increment(ref _running);
        _ = Task.Run(work, CancellationToken.None);
    }

    // A method that needs whole groups gets them; everything else goes out as it came.
    private async Task GatherAsync(OpenPart part, CancellationToken cancellation)
    {
        var isGrouped = part.Rows.Exists(row => row.Value("group_id") is not null) && await scorer.IsGroupLevelAsync(context, part.Domain, cancellation);
        var parts = isGrouped ? _groups.Add(part) : [part];
        Gathered(cancellation);
        foreach (var further in parts.Skip(1)) Start(() => ScoreAsync(further, cancellation));
        if (parts.Count > 0) await ScoreAsync(parts[0], cancellation);
        else PartEnded(null);
    }

    // When nothing more is read and every part was looked through, no group can become whole any more.
    private void Gathered(CancellationToken cancellation)
    {
        if (Interlocked.Decrement(ref _gathering) > 0) return;
        foreach (var part in _groups.TakeAll()) Start(() => ScoreAsync(part, cancellation));
    }

    // Nothing is scored and nothing waits to be read by the caller, yet there is no room: all of it is taken by groups that wait
    // for rows that may not be read. The oldest goes with what it has.
    private void GiveUpAGroup(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _running) > 1 || _results.Reader.Count > 0 || _groups.TakeOldest() is not { } part) return;
        Start(() => ScoreAsync(part, cancellation));
    }

    private async Task ScoreAsync(OpenPart part, CancellationToken cancellation)
    {
        Exception? failure = null;
        try
        {
            var batch = RowBatch.Of(part.Rows);
            var target = callOptions is { Spread: Spread.Ranks, Lane: Lane.Training } ? targets.Next(part.Domain) : null;
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
}
