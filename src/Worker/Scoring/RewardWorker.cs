using Fleet.Contracts.Batches;
using Fleet.Contracts.Ranks;
using Fleet.Rewards;
using Fleet.Worker.Runs;
using Fleet.Worker.Strategies;
using Fleet.Worker.Tokens;
using Microsoft.Extensions.Logging;

namespace Fleet.Worker.Scoring;

/// <summary>Base of all reward workers, built in or your own: override <see cref="ScoreAsync"/>, which scores one row.</summary>
/// <remarks>
/// The base decodes token ids, gives every row its deadline, fences exceptions around one row, and builds the reply.
/// An instance serves one run; rows may be scored at the same time, so keep no state between them.
/// Further methods with <see cref="RegisterAttribute"/> can be called by name from a cluster.
/// </remarks>
public abstract class RewardWorker : IAsyncDisposable
{
    /// <summary>The configuration of the run for this worker's domain.</summary>
    protected RunConfig Config { get; private set; } = RunConfig.Empty;

    /// <summary>What holds for every row of the run.</summary>
    private protected RowPolicy Policy { get; private set; } = new(RunConfig.Empty.RowTimeout);

    /// <summary>Where this worker stands in its cluster: at first by its lease and the configuration, then by the snapshot of the last call that was cut for ranks.</summary>
    public RankInfo RankInfo { get; internal set; } = new();

    /// <summary>Name, cluster and rank of the worker, as in its environment variables.</summary>
    protected WorkerEnvironment Environment { get; private set; } = WorkerEnvironment.None;

    /// <summary>The tokenizer of the run; null when its configuration names none.</summary>
    protected TokenizerFolder? Tokenizer { get; private set; }

    /// <summary>The model behind this worker; null for a worker that only follows rules.</summary>
    protected IModelStrategy? Strategy { get; private set; }

    /// <summary>The worker's log.</summary>
    protected ILogger Log { get; private set; } = Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    /// <summary>Whether special tokens are left out when token ids become text. The default is false, as most of the reference's workers do it.</summary>
    protected internal virtual bool SkipSpecialTokens => false;

    /// <summary>The folder of the tokenizer that made the rows' token ids; null when the configuration names none. The default is <c>tokenizer_path</c>, else the model of <c>model_args</c>; a worker whose model did not write the rows says otherwise.</summary>
    protected internal virtual string? RowTokenizer => Config.TokenizerPath ?? Config.ModelPath;

    /// <summary>Whether scoring a row again gives the same result. The default is true; a worker that asks a model or a service says false.</summary>
    public virtual bool IsRepeatable => true;

    /// <summary>Rows of one part that are scored at the same time. The default is 1; a worker that mostly waits says more.</summary>
    protected internal virtual int RowsAtOnce => 1;

    /// <summary>Parts that are worked on at the same time where the options do not say. The default is the number of processors; a worker that mostly waits says more.</summary>
    /// <remarks>Asked of an instance that was not initialized.</remarks>
    protected internal virtual int PartsAtOnce(WorkerOptions options) => System.Environment.ProcessorCount;

    /// <summary>Whether a row may block or wait and therefore runs under the clock. The default is true; pure rules, which count their work, say false.</summary>
    protected internal virtual bool HasRowDeadline => true;

    /// <summary>Whether <c>strategy_args</c> describe a model of this worker. The default is true; a worker that only follows rules says false and has none.</summary>
    protected internal virtual bool HasModel => true;

    /// <summary>The pure rule that this worker is; null when it is more than one.</summary>
    internal virtual string? Rule => null;

    /// <summary>Makes the worker ready for a run; override it to read settings of your own, and call the base.</summary>
    /// <exception cref="Contracts.FleetException">The configuration cannot work: one sentence for the person who wrote it.</exception>
    [Register(DispatchMode.OneToAll, ClearCache = false)]
    public virtual async Task InitializeAsync(WorkerSetup setup, CancellationToken cancellation)
    {
        (Config, Environment, RankInfo, Log) = (setup.Config, setup.Environment, setup.RankInfo, setup.Log);
        Policy = new RowPolicy(Config.RowTimeout) { TruncatedIsZero = Config.Text("truncated") == "zero", Components = RuleComponents.Of(Config, Rule) };
        Strategy = HasModel ? setup.CreateStrategy?.Invoke(setup.Config) : null;
        if (RowTokenizer is { } path && Directory.Exists(path)) Tokenizer = setup.Tokenizers.Load(path);
        if (Strategy is not null) await Strategy.InitializeAsync(cancellation);
    }

    /// <summary>Scores one row.</summary>
    /// <param name="rollout">The row: prompt, response, gold answer and all further columns.</param>
    /// <param name="cancellation">Fires at the row's deadline or when the call is cancelled.</param>
    /// <returns>A verdict, or that the row's own data cannot be scored.</returns>
    /// <exception cref="Contracts.FleetException">The surroundings failed (a service, a device): the row ends as failed, never as a score.</exception>
    protected internal abstract ValueTask<RewardScore> ScoreAsync(Rollout rollout, CancellationToken cancellation);

    /// <summary>Scores a part: one result a row, in the order of the rows.</summary>
    [Register(DispatchMode.DpMpCompute, ClearCache = false)]
    public virtual Task<DataProto> ComputeRewardsAsync(DataProto data, CancellationToken cancellation) =>
        new RowScorer(this, Policy, Log).ScoreAsync(new RolloutRows(data, Tokenizer?.Decoder, SkipSpecialTokens), cancellation);

    /// <summary>Brings the model's weights onto the device; a worker without a model has nothing to do.</summary>
    [Register(DispatchMode.OneToAll)]
    public virtual Task LoadStatesAsync(CancellationToken cancellation) => Strategy?.LoadStatesAsync(cancellation) ?? Task.CompletedTask;

    /// <summary>Takes the model's weights off the device; a worker without a model has nothing to do.</summary>
    [Register(DispatchMode.OneToAll)]
    public virtual Task OffloadStatesAsync(CancellationToken cancellation) => Strategy?.OffloadStatesAsync(cancellation) ?? Task.CompletedTask;

    /// <summary>The worker's metrics, as <c>metrics</c> in the meta of a batch without rows.</summary>
    [Register(DispatchMode.DpMpCompute, ClearCache = false)]
    public virtual Task<DataProto> GetMetricsAsync(CancellationToken cancellation) =>
        Task.FromResult(DataProto.Empty.WithMeta(MetaInfo.Empty.With(BatchKeys.Metrics, new Dictionary<string, double>())));

    /// <summary>Empties the device cache after a call that asked for it.</summary>
    internal Task ClearCacheAsync(CancellationToken cancellation) => Strategy?.ClearCacheAsync(cancellation) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Strategy is not null) await Strategy.DisposeAsync();
    }
}
