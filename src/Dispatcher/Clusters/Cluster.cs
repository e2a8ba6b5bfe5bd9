using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Names;
using Fleet.Contracts.Ranks;
using Fleet.Contracts.Wire;
using Fleet.Dispatcher.Collecting;
using Fleet.Dispatcher.Dispatch;
using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Runs;

namespace Fleet.Dispatcher.Clusters;

/// <summary>The ranks of one domain, as a caller sees them: their registered methods are called by name.</summary>
public sealed class Cluster
{
    private static readonly TimeSpan MethodPatience = TimeSpan.FromSeconds(2);

    private readonly RunDefinition _run;
    private readonly DomainDefinition _domain;
    private readonly Membership _membership;
    private readonly PartDesk _desk;
    private readonly PartScorer _scorer;
    private readonly CallFactory _calls;
    private readonly PartSizes _sizes;
    private readonly DispatcherOptions _options;

    internal Cluster(RunDefinition run, DomainDefinition domain, Membership membership, PartDesk desk, PartScorer scorer, CallFactory calls, PartSizes sizes, DispatcherOptions options) =>
        (_run, _domain, _membership, _desk, _scorer, _calls, _sizes, _options) = (run, domain, membership, desk, scorer, calls, sizes, options);

    /// <summary>The live ranks at this moment.</summary>
    public ClusterSnapshot Snapshot => _membership.Snapshot(_domain.ServedBy, _domain.TpSize, _domain.PpSize);

    /// <summary>Calls a registered method on the ranks of one snapshot.</summary>
    /// <param name="method">Its name on the wire, such as <c>load_states</c>.</param>
    /// <param name="arguments">Its argument.</param>
    /// <param name="rule">The caller's own dispatch and collect; null for those of the method's mode.</param>
    /// <param name="cancellation">Gives the call up on all ranks.</param>
    /// <returns>The results that the mode collects: one for the merging modes, one a rank for the others.</returns>
    /// <exception cref="FleetException">No rank is live, no worker has the method, or a rank could not do it: which, and why.</exception>
    public async Task<IReadOnlyList<DataProto>> CallAsync(string method, CallArguments arguments, DispatchRule? rule, CancellationToken cancellation)
    {
        await _membership.WaitAsync(members => members.Snapshot(_domain.ServedBy, _domain.TpSize, _domain.PpSize).DpSize > 0, _options.InitializeTimeout, cancellation);
        var snapshot = Snapshot;
        if (snapshot.DpSize == 0) throw new FleetException($"The domain '{_domain.Domain}' has no live rank; start a worker with --domain {_domain.ServedBy}.", isTransient: true);
        // A worker announces the methods of a run's class at about the time when it confirms the run.
        await _membership.WaitAsync(members => members.Method(_domain.ServedBy, method) is not null, MethodPatience, cancellation);
        var registered = _membership.Method(_domain.ServedBy, method)
            ?? throw new FleetException($"No worker of the domain '{_domain.Domain}' has a registered method '{method}'.");

        rule ??= DispatchRule.For(registered.Mode);
        var given = rule.Dispatch(arguments, snapshot);
        if (given.Count != snapshot.Ranks.Count) throw new FleetException($"The dispatch of '{method}' gave {given.Count} arguments for {snapshot.Ranks.Count} ranks; give one for each, null for a rank that is not called.");

        await using var call = _calls.Open(_run, null, [_domain], cancellation);
        var results = await Task.WhenAll(snapshot.Ranks.Select((rank, i) => given[i] is { } argument
            ? CallRankAsync(call.Context, method, rank, snapshot, argument, call.Cancelled)
            : Task.FromResult<DataProto?>(null)));
        call.Completed();
        return rule.Collect(results, snapshot);
    }

    /// <summary>Has a registered method done by whichever rank is free: one argument, one result, over the queue that all ranks share.</summary>
    /// <param name="method">Its name on the wire.</param>
    /// <param name="argument">Its argument.</param>
    /// <param name="timeout">How long it may take in all, the waiting for a free rank included.</param>
    /// <param name="cancellation">Gives the call up on the worker too.</param>
    /// <exception cref="FleetException">It was not done; transient unless it can never be.</exception>
    public async Task<DataProto> CallAnyAsync(string method, DataProto argument, TimeSpan timeout, CancellationToken cancellation)
    {
        await using var call = _calls.Open(_run, new CallOptions { Timeout = timeout }, [_domain], cancellation);
        var answer = await _scorer.CallAsync(call.Context, _domain, method, argument, call.Cancelled);
        call.Completed();
        cancellation.ThrowIfCancellationRequested();
        if (answer.Outcome == PartOutcome.Done && !answer.Reply!.Payload.IsEmpty) return BatchReader.Read(answer.Reply.Payload);
        throw new FleetException(
            $"'{method}' was not done in the domain '{_domain.Domain}': {answer.Error ?? "no result came back."}",
            isTransient: answer.Outcome is not (PartOutcome.Rejected or PartOutcome.Done));
    }

    /// <summary>Scores rows over the data-parallel ranks, shard i on rank i: one outcome a row, in order.</summary>
    /// <remarks>Ranks may come and go meanwhile: a shard whose rank vanishes is done by another. A row that is too large never reaches a queue.</remarks>
    internal async Task<RowOutcome[]> ScoreAsync(CallContext call, DataProto rows, Spread spread, CancellationToken cancellation)
    {
        var outcomes = new RowOutcome[rows.Length];
        var fitting = new List<int>(rows.Length);
        foreach (var (row, bytes) in rows.RowBytes().Index())
        {
            if (bytes <= _options.MaxRowBytes)
            {
                fitting.Add(row);
                continue;
            }

            var problem = RowProblem.TooLarge(bytes, _options.MaxRowBytes);
            outcomes[row] = RowOutcome.Unscored(1, RowStatus.Invalid, problem.Code, problem.Sentence)[0];
        }

        if (fitting.Count == 0) return outcomes;
        var scored = await ScoreFittingAsync(call, fitting.Count == rows.Length ? rows : rows.SelectIdxs(fitting), spread, cancellation);
        for (var i = 0; i < scored.Length; i++) outcomes[fitting[i]] = scored[i];
        return outcomes;
    }

    private async Task<RowOutcome[]> ScoreFittingAsync(CallContext call, DataProto rows, Spread spread, CancellationToken cancellation)
    {
        if (rows.NonTensorBatch.ContainsKey(BatchKeys.GroupId) && await _scorer.IsGroupLevelAsync(call, _domain, cancellation)) return await ScoreGroupsAsync(call, rows, spread, cancellation);
        var parts = spread == Spread.Ranks ? ForRanks(rows) : Cut(rows, null);
        var outcomes = await Task.WhenAll(parts.Select(part => _scorer.ScoreAsync(call, _domain, part.Rows.Length, () => part.Rows, part.Target, Turn.Any, cancellation)));
        return [.. outcomes.SelectMany(part => part)];
    }

    // Groups stay whole, whatever the shards would be; the rows are gathered for it and their outcomes put back.
    private async Task<RowOutcome[]> ScoreGroupsAsync(CallContext call, DataProto rows, Spread spread, CancellationToken cancellation)
    {
        var parts = GroupColumns.Parts(rows, _options.MaxPartRows, _options.MaxPartBytes);
        var targets = spread == Spread.Ranks ? new RankTargets(_membership) : null;
        var outcomes = new RowOutcome[rows.Length];
        await Task.WhenAll(parts.Select(async part =>
        {
            var scored = await _scorer.ScoreAsync(call, _domain, part.Count, () => rows.SelectIdxs(part), targets?.Next(_domain), Turn.Any, cancellation);
            for (var i = 0; i < part.Count; i++) outcomes[part[i]] = scored[i];
        }));
        return outcomes;
    }

    private IEnumerable<(DataProto Rows, TargetRank? Target)> ForRanks(DataProto rows)
    {
        var snapshot = Snapshot;
        if (snapshot.DpSize == 0) return Cut(rows, null);

        var collecting = snapshot.Ranks.Where(rank => rank.Info.IsCollecting).OrderBy(rank => rank.Info.DpRank).ToList();
        return rows.Chunk(snapshot.DpSize).SelectMany((shard, dp) => shard.Length == 0 ? [] : Cut(shard, new TargetRank(collecting[dp].Lease, dp, snapshot.DpSize, snapshot.Epoch)));
    }

    private IEnumerable<(DataProto Rows, TargetRank? Target)> Cut(DataProto rows, TargetRank? target) =>
        PartCuts.Of(rows, _sizes.RowsOf(_domain.ServedBy), _options.MaxPartBytes).Select(part => (part, target));

    private async Task<DataProto?> CallRankAsync(CallContext call, string method, ClusterRank rank, ClusterSnapshot snapshot, DataProto argument, CancellationToken cancellation)
    {
        var header = call.NextPart(_domain, method, argument.Length) with { Rank = rank.Info.Rank, DpSize = snapshot.DpSize, RankInfo = rank.Info, Epoch = snapshot.Epoch };
        var isFrozen = _membership.Method(_domain.ServedBy, method)?.Mode != DispatchMode.DpMpCompute;
        var answer = await _desk.SendAsync(header, BatchWriter.Write(argument), rank.Lease, cancellation, isFrozen);
        if (answer.Outcome == PartOutcome.Done) return answer.Reply!.Payload.IsEmpty ? null : BatchReader.Read(answer.Reply.Payload);
        cancellation.ThrowIfCancellationRequested();
        throw new FleetException(
            $"'{method}' was not done on rank {rank.Info.Rank} of the domain '{_domain.Domain}': {answer.Error}",
            isTransient: answer.Outcome != PartOutcome.Rejected);
    }
}
