using Fleet.Contracts.Batches;
using Fleet.Contracts.Ranks;
using Fleet.Rewards;
using Fleet.Worker.Runs;
using Fleet.Worker.Sandbox;
using Fleet.Worker.Scoring;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Worker.Workers;

/// <summary>Runs model-written programs against tests in the sandbox of this process, many rows at once over its slots.</summary>
internal sealed class CodeSandboxRewardWorker : RewardWorker
{
    private readonly AsyncLocal<CodeScorer?> _batch = new();
    private CodeScorer _scorer = null!;
    private ICodeSandbox _sandbox = null!;
    private int _rowsAtOnce = 1;

    protected internal override bool SkipSpecialTokens => true;

    // A slot is never without a row: while one is judged, the next one runs.
    protected internal override int RowsAtOnce => _rowsAtOnce;

    /// <summary>The sandbox has limits of its own for every test; time spent waiting for a slot is no row's fault.</summary>
    protected internal override bool HasRowDeadline => false;

    public override async Task InitializeAsync(WorkerSetup setup, CancellationToken cancellation)
    {
        await base.InitializeAsync(setup, cancellation);
        _rowsAtOnce = 2 * setup.Services.GetRequiredService<SandboxOptions>().Slots;
        _sandbox = setup.Services.GetRequiredService<ICodeSandbox>();
        _scorer = new CodeScorer(_sandbox);
    }

    /// <summary>Identical programs of one part run once.</summary>
    public override Task<DataProto> ComputeRewardsAsync(DataProto data, CancellationToken cancellation)
    {
        _batch.Value = _scorer.ForBatch();
        return base.ComputeRewardsAsync(data, cancellation);
    }

    /// <summary>Runs programs as a SandboxFusion server does: one request a row, one answer a row, nothing judged.</summary>
    [Register(DispatchMode.DpMpCompute, ClearCache = false)]
    public Task<DataProto> RunCodeAsync(DataProto data, CancellationToken cancellation) => RunCodeBatch.RunAsync(_sandbox, data, cancellation);

    protected internal override async ValueTask<RewardScore> ScoreAsync(Rollout rollout, CancellationToken cancellation)
    {
        var outcome = await (_batch.Value ?? _scorer).ScoreAsync(rollout, Config.Settings, cancellation);
        return outcome.Score
            ?? throw new RowFailure("sandbox_failed", outcome.Failure is { } failure ? $"{failure.Message} {failure.Remedy}" : "The sandbox gave no outcome.", inner: outcome.Failure);
    }
}
