using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Messages;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Clusters;
using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Runs;
using Fleet.Messaging;
using Fleet.Messaging.DeadLetters;
using Fleet.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.QueueContract.Tests;

/// <summary>Hosts of a dispatcher and its workers on one queue: in memory one host is both, on a broker each is its own.</summary>
internal sealed class TestFleet : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IQueueFixture _queue;
    private readonly List<IHost> _hosts = [];
    private IHost _dispatcherHost = null!;

    private TestFleet(IQueueFixture queue, string domain, string workerClass, JsonObject? settings)
    {
        (_queue, Domain) = (queue, domain);
        var config = settings?.DeepClone().AsObject() ?? [];
        (config["worker_cls"], config["row_timeout_s"]) = (workerClass, 60);
        Run = new RunDefinition(Guid.NewGuid().ToString("N"), [new DomainDefinition(domain, domain, [], config)]);
    }

    public string Domain { get; }

    public RunDefinition Run { get; }

    public RewardDispatcher Dispatcher => _dispatcherHost.Services.GetRequiredService<RewardDispatcher>();

    public DeadLetterQueues DeadLetters => _dispatcherHost.Services.GetRequiredService<DeadLetterQueues>();

    public QueueLengths Lengths => _dispatcherHost.Services.GetRequiredService<QueueLengths>();

    public FleetBus Bus => _dispatcherHost.Services.GetRequiredService<FleetBus>();

    public Cluster Cluster => Dispatcher.Cluster(Run, Run.Domain(Domain)!);

    public IReadOnlyList<WorkerAnnouncement> Live => Dispatcher.Membership.LiveWorkers(Domain);

    /// <summary>A fleet with a domain of its own, so that tests on one broker do not meet.</summary>
    public static async Task<TestFleet> StartAsync(
        IQueueFixture queue, int ranks, DispatcherOptions? options = null, Func<string, CancellationToken, Task>? gate = null, PlugIn? plugIn = null, bool initialize = true, JsonObject? settings = null)
    {
        var fleet = new TestFleet(queue, "test_" + Guid.NewGuid().ToString("N")[..8], (plugIn ?? PlugIn.Tests).WorkerClass, settings);
        try
        {
            var builder = Builder();
            builder.Services.AddRewardDispatcher(options ?? new DispatcherOptions(), queue.Broker);
            if (queue.Broker.IsInMemory && ranks > 0) fleet.AddWorker(builder, queue.Broker, gate, plugIn);
            fleet._dispatcherHost = await fleet.StartAsync(builder);
            if (!queue.Broker.IsInMemory)
            {
                for (var rank = 0; rank < ranks; rank++) await fleet.AddWorkerAsync(gate, plugIn);
            }

            await fleet.WaitForWorkersAsync(ranks);
            if (ranks > 0 && initialize) await fleet.Dispatcher.InitializeAsync(fleet.Run, null, CancellationToken.None).WaitAsync(Patience);
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>What runs in the dispatcher's host beside it.</summary>
    public T Hosted<T>() => _dispatcherHost.Services.GetServices<IHostedService>().OfType<T>().Single();

    /// <summary>One more worker, in a host of its own.</summary>
    public Task<IHost> AddWorkerAsync(Func<string, CancellationToken, Task>? gate = null, PlugIn? plugIn = null, BrokerOptions? broker = null)
    {
        var builder = Builder();
        AddWorker(builder, broker ?? _queue.Broker, gate, plugIn);
        return StartAsync(builder);
    }

    public async Task WaitForWorkersAsync(int count) => Assert.True(
        await Dispatcher.Membership.WaitAsync(members => members.LiveWorkers(Domain).Count == count, Patience, CancellationToken.None),
        $"{count} workers were waited for, and {Live.Count} live.");

    /// <summary>Waits until a worker says of itself what the test waits for.</summary>
    public async Task HearAsync(Func<WorkerAnnouncement, bool> what)
    {
        var heard = new TaskCompletionSource();
        void Listen(WorkerAnnouncement worker)
        {
            if (worker.Domain == Domain && what(worker)) heard.TrySetResult();
        }

        Dispatcher.Membership.Heard += Listen;
        await heard.Task.WaitAsync(Patience);
        Dispatcher.Membership.Heard -= Listen;
    }

    public async Task StopAsync(IHost host)
    {
        _hosts.Remove(host);
        await host.StopAsync();
        host.Dispose();
    }

    /// <summary>Leaves a host to itself: its queue is gone and it cannot stop in order.</summary>
    public void Abandon(IHost host) => _hosts.Remove(host);

    /// <summary>Scores rows; each is given as its response and its gold answer.</summary>
    public async Task<List<RowReward>> ScoreAsync(IEnumerable<(string Response, string Gold)> rows, CallOptions? options = null, CancellationToken cancellation = default)
    {
        var rewards = new List<RowReward>();
        await foreach (var reward in Dispatcher.ScoreAsync(Run, Rows(rows, cancellation), options ?? new CallOptions(), cancellation)) rewards.Add(reward);
        return rewards;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts.AsEnumerable().Reverse())
        {
            await host.StopAsync();
            host.Dispose();
        }
    }

    private async IAsyncEnumerable<Row> Rows(IEnumerable<(string Response, string Gold)> rows, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.Yield();
        var number = 0L;
        foreach (var (response, gold) in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            var json = JsonSerializer.SerializeToElement(new { id = number, domain = Domain, response, ground_truth = gold });
            yield return Row.Of(++number, json, response.Length, int.MaxValue);
        }
    }

    private void AddWorker(HostApplicationBuilder builder, BrokerOptions broker, Func<string, CancellationToken, Task>? gate, PlugIn? plugIn)
    {
        plugIn ??= PlugIn.Tests;
        if (gate is not null) builder.Services.AddSingleton(gate);
        builder.Services.AddRewardWorker(
            new WorkerOptions { Domains = [Domain], Slots = 2, AnnounceEvery = TimeSpan.FromMilliseconds(200), PlugInFolder = plugIn.Folder, PlugInAllowList = [plugIn.File] },
            broker);
    }

    private async Task<IHost> StartAsync(HostApplicationBuilder builder)
    {
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync().WaitAsync(Patience);
        return host;
    }

    private static HostApplicationBuilder Builder()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        return builder;
    }
}

/// <summary>An assembly with a custom worker.</summary>
/// <param name="Folder">Where it is.</param>
/// <param name="File">Its name.</param>
/// <param name="WorkerClass">The worker.</param>
internal sealed record PlugIn(string Folder, string File, string WorkerClass)
{
    /// <summary>This assembly.</summary>
    public static readonly PlugIn Tests = new(AppContext.BaseDirectory, "Fleet.QueueContract.Tests.dll", nameof(TestRewardWorker));

    /// <summary>The sample, built beside this assembly in the same configuration.</summary>
    public static readonly PlugIn Sample = new(
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "CustomWorker", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))),
        "CustomWorker.dll",
        "AnswerFormatRewardWorker");
}
