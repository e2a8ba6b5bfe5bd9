namespace Fleet.Worker;

/// <summary>What one process of the fleet serves, and what it may use.</summary>
public sealed class WorkerOptions
{
    /// <summary>The domains that this process serves, one rank each.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>The rank to take; null for the lowest free one.</summary>
    /// <value>At least 0; the default is null.</value>
    public int? Rank { get; init; }

    /// <summary>Parts that a domain works on at the same time; null for what its class of worker asks for.</summary>
    /// <value>At least 1; the default is null.</value>
    public int? Slots { get; init; }

    /// <summary>How often the worker shows that it lives.</summary>
    /// <value>0.1 to 60 seconds; the default is 1 second.</value>
    public TimeSpan AnnounceEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a command waits for the configuration of a run that this worker was not told.</summary>
    /// <value>1 to 600 seconds; the default is 15 seconds.</value>
    public TimeSpan InitializeTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Runs that are kept at the same time; the one used least recently goes first.</summary>
    /// <value>At least 1; the default is 8.</value>
    public int MaxRuns { get; init; } = 8;

    /// <summary>How long one row may be scored.</summary>
    /// <value>0.1 to 3600 seconds; the default is 120 seconds.</value>
    public TimeSpan RowTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>The sandbox in which this process runs programs; it is only used when code comes.</summary>
    public Sandbox.SandboxOptions Sandbox { get; init; } = new();

    /// <summary>The folder of plug-in assemblies with custom workers; null for none.</summary>
    public string? PlugInFolder { get; init; }

    /// <summary>The assemblies of that folder that may be loaded, by file name. Nothing else is.</summary>
    public IReadOnlyList<string> PlugInAllowList { get; init; } = [];
}
