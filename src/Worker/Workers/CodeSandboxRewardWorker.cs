using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Ranks;
using Fleet.Rewards;
using Fleet.Worker.Runs;
using Fleet.Worker.Sandbox;
using Fleet.Worker.Scoring;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Worker.Workers;

/// <summary>Runs model-written programs against tests, many rows at once: in the slots of this process, or on the server of <c>code_url</c>.</summary>
internal sealed class CodeSandboxRewardWorker : RewardWorker
{
    private const int MostKept = 1_000_000;

    private readonly AsyncLocal<CodeScorer?> _ofCall = new();
    private RemoteCodeSandbox? _remote;
    private RunCodeService _service = null!;
    private CodeScorer _scorer = null!;
    private int _rowsAtOnce = 1;

    protected internal override bool SkipSpecialTokens => true;

    protected internal override bool HasModel => false;

    protected internal override int RowsAtOnce => _rowsAtOnce;

    protected internal override int PartsAtOnce(WorkerOptions options) => AtOnce(options.Sandbox);

    /// <summary>The sandbox has limits of its own for every test; time spent waiting for a slot is no row's fault.</summary>
    protected internal override bool HasRowDeadline => false;

    public override async Task InitializeAsync(WorkerSetup setup, CancellationToken cancellation)
    {
        await base.InitializeAsync(setup, cancellation);
        if (ServerOf(setup.Config) is { } server)
        {
            _remote = new RemoteCodeSandbox(new HttpClientHandler(), server, setup.Services.GetRequiredService<TimeProvider>());
            _rowsAtOnce = RemoteCodeSandbox.AtOnce;
        }
        else
        {
            _rowsAtOnce = AtOnce(setup.Services.GetRequiredService<SandboxOptions>());
        }

        var sandbox = _remote ?? setup.Services.GetRequiredService<ICodeSandbox>();
        _scorer = new CodeScorer(sandbox, (int)Math.Clamp(setup.Config.Number("code_cache") ?? 0, 0, MostKept));
        _service = new RunCodeService(sandbox);
    }

    /// <summary>Identical programs of one call run once.</summary>
    public override Task<DataProto> ComputeRewardsAsync(DataProto data, CancellationToken cancellation)
    {
        _ofCall.Value = data.MetaInfo.TryGetValue(BatchKeys.CallId, out var call) ? _scorer.ForCall(call.ToString()) : _scorer;
        return base.ComputeRewardsAsync(data, cancellation);
    }

    /// <summary>Runs programs as a SandboxFusion server does: command <c>run_code</c>. Programs are not shared, and nothing is judged.</summary>
    /// <remarks>Shape: <see cref="RunCodeKeys.Request"/> JSON [B] in, <see cref="RunCodeKeys.Answer"/> JSON [B] out, in the order of the rows.</remarks>
    [Register(DispatchMode.DpMpCompute, ClearCache = false)]
    public Task<DataProto> RunCodeAsync(DataProto data, CancellationToken cancellation) => _service.RunAsync(data, cancellation);

    public override async ValueTask DisposeAsync()
    {
        _remote?.Dispose();
        await base.DisposeAsync();
    }

    protected internal override async ValueTask<RewardScore> ScoreAsync(Rollout rollout, CancellationToken cancellation)
    {
        var outcome = await (_ofCall.Value ?? _scorer).ScoreAsync(rollout, Config.Settings, cancellation);
        return outcome.Score ?? throw new RowFailure("sandbox_failed", outcome.Failure?.Message ?? "The sandbox gave no outcome.", inner: outcome.Failure);
    }

    // A slot is never without a row: while one is judged, the next one runs.
    private static int AtOnce(SandboxOptions sandbox) => sandbox.MostSlots + sandbox.Slots;

    // A block that asks for local runs explicitly keeps them, as in the reference.
    private static Uri? ServerOf(RunConfig config)
    {
        if (config.Text("code_url") is not { Length: > 0 } text || config.Settings.Flag("use_local") == true) return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new FleetException($"code_url is '{text}'; expected is an address such as http://localhost:8080/run_code.");
    }
}
