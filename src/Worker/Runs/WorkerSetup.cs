using Fleet.Contracts.Ranks;
using Fleet.Worker.Strategies;
using Fleet.Worker.Tokens;
using Microsoft.Extensions.Logging;

namespace Fleet.Worker.Runs;

/// <summary>What a reward worker is initialised with.</summary>
public sealed class WorkerSetup
{
    /// <summary>The configuration of the run for this worker's domain.</summary>
    public required RunConfig Config { get; init; }

    /// <summary>Name, cluster and rank.</summary>
    public required WorkerEnvironment Environment { get; init; }

    /// <summary>Where the worker stands, by its lease and the configuration: which part of which model it is, for a model that several ranks make together.</summary>
    public RankInfo RankInfo { get; init; } = new();

    /// <summary>Tokenizers, loaded once a folder.</summary>
    public required TokenizerShelf Tokenizers { get; init; }

    /// <summary>The worker's log.</summary>
    public required ILogger Log { get; init; }

    /// <summary>Services of the worker's process, for workers that need one (the sandbox, an HTTP client).</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>Makes the model strategy that the configuration asks for; null when it asks for none.</summary>
    public Func<RunConfig, IModelStrategy?>? CreateStrategy { get; init; }
}
