using Fleet.Contracts.Batches;
using Fleet.Contracts.Messages;
using Fleet.Contracts.Names;
using Fleet.Dispatcher.Clusters;
using Fleet.Dispatcher.Collecting;
using Fleet.Dispatcher.Dispatch;
using Fleet.Dispatcher.Observability;
using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Runs;
using Fleet.Dispatcher.Shaped;

namespace Fleet.Dispatcher;

/// <summary>One batch of many domains in, the same rows with their rewards out.</summary>
public sealed class RewardScheduler
{
    private readonly RunDefinition _run;
    private readonly Func<DomainDefinition, Cluster> _cluster;
    private readonly CallFactory _calls;
    private readonly DispatcherOptions _options;

    internal RewardScheduler(RunDefinition run, Func<DomainDefinition, Cluster> cluster, CallFactory calls, DispatcherOptions options) =>
        (_run, _cluster, _calls, _options) = (run, cluster, calls, options);

    /// <summary>Scores a batch: group by domain, call all clusters at once, merge, restore the order.</summary>
    /// <param name="data">Rows with <c>domain</c> or <c>tag</c>, prompts and responses as token ids or text, and what their domains need.</param>
    /// <param name="onUnscored">What a row without a verdict becomes in the tensors.</param>
    /// <param name="options">How the call is made; its default spread here is <see cref="Spread.Ranks"/>.</param>
    /// <param name="cancellation">Cancels the call on the workers too.</param>
    /// <returns>The columns of <see cref="RewardBatch.Of"/>, one row for each row of <paramref name="data"/>, in order.</returns>
    public async Task<DataProto> ComputeRewardsAsync(DataProto data, OnUnscored onUnscored, CallOptions? options, CancellationToken cancellation)
    {
        var outcomes = await ScoreAsync(data, options, cancellation);
        return RewardBatch.Of(data, outcomes, onUnscored, options?.TokenRewards ?? TokenRewards.Zeros);
    }

    /// <summary>Scores a batch and leaves its rows as they are: one outcome for each row, in order.</summary>
    /// <param name="data">Rows with <c>domain</c> or <c>tag</c>, prompts and responses as token ids or text, and what their domains need.</param>
    /// <param name="options">How the call is made; its default spread here is <see cref="Spread.Ranks"/>.</param>
    /// <param name="cancellation">Cancels the call on the workers too.</param>
    public async Task<IReadOnlyList<RowOutcome>> ScoreAsync(DataProto data, CallOptions? options, CancellationToken cancellation)
    {
        options ??= new CallOptions { Spread = Spread.Ranks };
        data = UnpaddedTokens.Of(data);
        var outcomes = new RowOutcome[data.Length];
        var rowsOfDomain = GroupByDomain(data, outcomes);

        await using var call = _calls.Open(_run, options, rowsOfDomain.Keys, cancellation);
        await Task.WhenAll(rowsOfDomain.Select(async group =>
        {
            var (domain, rows) = group;
            var scored = await _cluster(domain).ScoreAsync(call.Context, data.SelectIdxs(rows), options.Lane == Lane.Evaluation ? Spread.Shared : options.Spread, call.Cancelled);
            var shaped = domain.Shaping?.Shape([.. rows.Select((row, i) => ScoredRows.Of(data, row, scored[i]))]);
            for (var i = 0; i < rows.Count; i++)
            {
                outcomes[rows[i]] = shaped is null ? scored[i] : scored[i] with { Shaped = shaped[i] };
                DispatcherMetrics.RowDone(domain.Domain, scored[i].Status);
            }
        }));
        call.Completed();
        return outcomes;
    }

    private Dictionary<DomainDefinition, List<int>> GroupByDomain(DataProto data, RowOutcome[] outcomes)
    {
        var domains = data.NonTensorBatch.GetValueOrDefault(BatchKeys.Domain);
        var tags = data.NonTensorBatch.GetValueOrDefault(BatchKeys.Tag);
        var groups = new Dictionary<DomainDefinition, List<int>>();
        for (var row = 0; row < data.Length; row++)
        {
            var (domain, problem) = RowRouter.Route(_run, domains?.Text(row), tags?.Text(row));
            if (problem is not null)
            {
                outcomes[row] = RowOutcome.Unscored(1, RowStatus.Invalid, problem.Code, problem.Sentence)[0];
                DispatcherMetrics.RowDone(domain?.Domain ?? "", RowStatus.Invalid);
            }
            else
            {
                if (!groups.TryGetValue(domain!, out var rows)) groups[domain!] = rows = [];
                rows.Add(row);
            }
        }

        return groups;
    }
}
