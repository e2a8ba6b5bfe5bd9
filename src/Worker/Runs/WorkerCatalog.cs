using Fleet.Contracts;
using Fleet.Contracts.Names;
using Fleet.Rewards;
using Fleet.Worker.PlugIns;
using Fleet.Worker.Scoring;
using Fleet.Worker.Workers;

namespace Fleet.Worker.Runs;

/// <summary>Which class serves which domain: the built-in workers by the reference's class names, and those of plug-ins.</summary>
/// <remarks>Adding a built-in worker is one line here.</remarks>
public sealed class WorkerCatalog
{
    private readonly Dictionary<string, Func<RewardWorker>> _byClass = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _classOfDomain = new(StringComparer.Ordinal);

    /// <summary>The built-in workers, and those of the plug-ins that the options allow.</summary>
    /// <exception cref="FleetException">A plug-in cannot be loaded.</exception>
    public WorkerCatalog(WorkerOptions options)
    {
        foreach (var domain in RewardCatalog.Names)
        {
            // A rule that has a worker class of its own serves a domain; the others are components of composites.
            if (WorkerClasses.ClassOf(domain) is { } workerClass) Add(domain, workerClass, () => domain == Contracts.Names.Domains.CvDetection ? new DetectionRewardWorker() : new RuleRewardWorker(domain));
        }

        Add(Contracts.Names.Domains.CodeSandbox, nameof(CodeSandboxRewardWorker), () => new CodeSandboxRewardWorker());
        Add(Contracts.Names.Domains.LlmJudge, nameof(LLMJudgeRewardWorker), () => new LLMJudgeRewardWorker());
        Add(Contracts.Names.Domains.RemoteReward, nameof(RemoteRewardSystemWorker), () => new RemoteRewardSystemWorker());
        Add(Contracts.Names.Domains.RewardModel, "RewardWorker", () => new RewardModelWorker());
        foreach (var type in PlugInLoader.Load(options)) AddPlugIn(type);
    }

    /// <summary>The classes that can be named in <c>worker_cls</c>, sorted.</summary>
    public IReadOnlyList<string> Classes => [.. _byClass.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The domains that are built in, sorted.</summary>
    public IReadOnlyList<string> Domains => [.. _classOfDomain.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The class that serves a domain when its configuration names none; null for a domain that is not built in.</summary>
    public string? ClassOf(string domain) => _classOfDomain.GetValueOrDefault(domain);

    /// <summary>Makes the worker for a domain.</summary>
    /// <exception cref="FleetException">There is no such class, or no class for the domain.</exception>
    public RewardWorker Create(string domain, string? workerClass)
    {
        var name = workerClass ?? ClassOf(domain)
            ?? throw new FleetException($"The domain '{domain}' is not built in; name its class in worker_cls. Known classes: {string.Join(", ", Classes)}.");
        return _byClass.TryGetValue(name, out var create)
            ? create()
            : throw new FleetException($"This worker knows no class '{name}' for the domain '{domain}'; known classes: {string.Join(", ", Classes)}. A custom class needs its assembly in the worker's plug-in folder and allow-list.");
    }

    private void AddPlugIn(Type type)
    {
        if (!_byClass.TryAdd(type.Name, () => (RewardWorker)Activator.CreateInstance(type)!))
        {
            throw new FleetException($"The plug-in class {type.FullName} has the name of another worker; rename it.");
        }
    }

    private void Add(string domain, string workerClass, Func<RewardWorker> create)
    {
        _byClass.Add(workerClass, create);
        _classOfDomain.Add(domain, workerClass);
    }
}
