using Fleet.Integration.Tests.Cli;

namespace Fleet.Chaos.Tests.Harness;

/// <summary>The worker processes of one test, which may be killed, frozen and joined by others.</summary>
internal sealed class WorkerProcesses(Uri broker, string config, string domains) : IAsyncDisposable
{
    private const string Serving = "serving as rank";

    private readonly List<FleetProcess> _all = [];
    private readonly int _domains = domains.Split(',').Length;

    /// <summary>Those that run, the oldest first.</summary>
    public IReadOnlyList<FleetProcess> Running
    {
        get
        {
            lock (_all) return [.. _all.Where(process => !process.HasExited)];
        }
    }

    public static async Task<WorkerProcesses> StartAsync(int count, Uri broker, string config, string domains = ChaosConfig.Domains)
    {
        var workers = new WorkerProcesses(broker, config, domains);
        try
        {
            var started = Enumerable.Range(0, count).Select(_ => workers.Start()).ToList();
            await Task.WhenAll(started.Select(workers.ServingAsync));
            return workers;
        }
        catch
        {
            await workers.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more; it does not serve at once.</summary>
    public FleetProcess Start(Uri? through = null)
    {
        var process = FleetProcess.Start("worker", "--domain", domains, "--broker", (through ?? broker).ToString(), "--config", config);
        lock (_all) _all.Add(process);
        return process;
    }

    /// <summary>Waits until a worker serves all its domains.</summary>
    public Task ServingAsync(FleetProcess worker) => worker.WaitForAsync(Serving, _domains);

    /// <summary>Whether a worker serves all its domains.</summary>
    public bool IsServing(FleetProcess worker) => worker.Said.Count(line => line.Contains(Serving, StringComparison.Ordinal)) >= _domains;

    /// <summary>Starts another one whenever one dies, until stopped; says how many were started.</summary>
    public async Task<int> KeepAsync(int count, CancellationToken stop)
    {
        var started = 0;
        while (!stop.IsCancellationRequested)
        {
            for (var missing = count - Running.Count; missing > 0; missing--)
            {
                Start();
                started++;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
        }

        return started;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _all) await process.DisposeAsync();
    }
}
