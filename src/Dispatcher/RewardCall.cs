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
    CallContext context, PartScorer scorer, RankTargets targets, PartSizes sizes, DispatcherOptions options, CallOptions callOptions, TimeProvider time)
{
    private static readonly TimeSpan GroupPatience = TimeSpan.FromMilliseconds(50);

    // The share of a call's time after which groups that are not whole go with what they have.
    private const double GroupsGoAt = 0.9;

    private readonly Channel<(long Sequence, RowReward Reward)> _results = Channel.CreateUnbounded<(long, RowReward)>();
    private readonly FlightRoom _room = new(callOptions.MaxRowsInFlight ?? options.MaxRowsInFlight, options.MaxBytesInFlight);
    private readonly Dictionary<string, OpenPart> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Turn> _lastTurns = new(StringComparer.Ordinal);
    private readonly WaitingGroups _groups = new(options);
    private int _running = 1;
    private int _gathering = 1;
    private Exception? _readingFailure;

    /// <summary>Scores rows.</summary>
    public async IAsyncEnumerable<RowReward> ScoreAsync(IAsyncEnumerable<Row> rows, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var groupsGo = time.CreateTimer(_ => LetGroupsGo(stop.Token), null, context.Left(time) * GroupsGoAt, Timeout.InfiniteTimeSpan);
        var reading = Task.Run(() => ReadAllAsync(rows, stop.Token), CancellationToken.None);
        try
        {
            var results = callOptions.InOrder ? InOrderAsync() : AsFinishedAsync();
            await foreach (var result in results)
            {
                _room.Leave(result.Row.Bytes);
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
            var row = source.Current;
            if (!_room.TryEnter(row.Bytes))
            {
                // Nothing more may wait for company while nothing more is read.
                CloseAll(cancellation);
                while (!await _room.EnterAsync(row.Bytes, GroupPatience, time, cancellation)) GiveUpAGroup(cancellation);
            }

            Add(sequence++, row, cancellation);
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
        var turn = new Turn(_lastTurns.TryGetValue(part.Domain.ServedBy, out var last) ? last.Ended : Task.CompletedTask);
        _lastTurns[part.Domain.ServedBy] = turn;
        Interlocked.Increment(ref _gathering);
        Start(() => GatherAsync(part, turn, cancellation));
    }

    // Whatever happens to a part of the call, the call ends: a part that fails for a reason of our own must not hang it.
    private void Start(Func<Task> work)
    {
        Interlocked.Increment(ref _running);
        _ = Task.Run(RunAsync, CancellationToken.None);

        async Task RunAsync()
        {
            Exception? failure = null;
            try
            {
                await work();
            }
#pragma warning disable CA1031 // It reaches the caller of the call.
            catch (Exception defect)
#pragma warning restore CA1031
            {
                failure = defect;
            }

            PartEnded(failure);
        }
    }

    // A method that needs whole groups gets them; everything else goes out as it came.
    private async Task GatherAsync(OpenPart part, Turn turn, CancellationToken cancellation)
    {
        try
        {
            List<OpenPart> parts = [part];
            try
            {
                var isGrouped = part.Rows.Exists(row => row.Value("group_id") is not null) && await scorer.IsGroupLevelAsync(context, part.Domain, cancellation);
                if (isGrouped) parts = _groups.Add(part);
            }
            finally
            {
                Gathered(cancellation);
            }

            foreach (var further in parts.Skip(1)) Start(() => ScoreAsync(further, Turn.Any, cancellation));
            if (parts.Count > 0) await ScoreAsync(parts[0], turn, cancellation);
        }
        finally
        {
            turn.End();
        }
    }

    // When nothing more is read and every part was looked through, no group can become whole any more.
    private void Gathered(CancellationToken cancellation)
    {
        if (Interlocked.Decrement(ref _gathering) > 0) return;
        foreach (var part in _groups.TakeAll()) Start(() => ScoreAsync(part, Turn.Any, cancellation));
    }

    // Nothing is scored and nothing waits to be read by the caller, yet there is no room: all of it is taken by groups that wait
    // for rows that may not be read. The oldest goes with what it has.
    private void GiveUpAGroup(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _running) > 1 || _results.Reader.Count > 0 || _groups.TakeOldest() is not { } part) return;
        Start(() => ScoreAsync(part, Turn.Any, cancellation));
    }

    // The rest of the call's time is for scoring them. The call does not end between the taking and the starting.
    private void LetGroupsGo(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _running);
        foreach (var part in _groups.Close()) Start(() => ScoreAsync(part, Turn.Any, cancellation));
        PartEnded(null);
    }

    private async Task ScoreAsync(OpenPart part, Turn turn, CancellationToken cancellation)
    {
        var target = callOptions is { Spread: Spread.Ranks, Lane: Lane.Training } ? targets.Next(part.Domain) : null;
        var outcomes = await scorer.ScoreAsync(context, part.Domain, part.Rows.Count, () => RowBatch.Of(part.Rows), target, turn, cancellation);
        for (var i = 0; i < outcomes.Length; i++) Finish(part.Sequences[i], Reward(part.Rows[i], part.Domain, outcomes[i]));
    }

    private void Finish(long sequence, RowReward reward)
    {
        DispatcherMetrics.RowDone(reward.Domain ?? "", reward.Status);
        callOptions.Came?.Invoke(reward);
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

    private static RowReward Reward(Row row, DomainDefinition domain, RowOutcome outcome) => new() { Row = row, Domain = domain.Domain, Outcome = outcome };
}
