using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Messages;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Runs;
using Fleet.Messaging;
using Fleet.QueueContract.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Chaos.Tests.Harness;

/// <summary>A dispatcher inside the test, for what a process does not show: when each row's reward came, and who lives.</summary>
internal sealed class FleetUser : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly IHost _host;
    private readonly InstrumentTap _meter;
    private long _repliesDropped;

    private FleetUser(IHost host, RunDefinition run)
    {
        (_host, Run) = (host, run);
        _meter = new InstrumentTap("fleet_replies_dropped", (count, _) => Interlocked.Add(ref _repliesDropped, count));
    }

    public RunDefinition Run { get; }

    public RewardDispatcher Dispatcher => _host.Services.GetRequiredService<RewardDispatcher>();

    public FleetBus Bus => _host.Services.GetRequiredService<FleetBus>();

    /// <summary>Replies that came too late or twice.</summary>
    public long RepliesDropped => Interlocked.Read(ref _repliesDropped);

    public static async Task<FleetUser> StartAsync(Uri broker, DispatcherOptions options, params (string Domain, JsonObject Config)[] domains)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddRewardDispatcher(options, new BrokerOptions { Url = broker });
        var host = builder.Build();
        await host.StartAsync().WaitAsync(Patience);
        return new FleetUser(host, new RunDefinition(Guid.NewGuid().ToString("N"), domains.Select(domain => new DomainDefinition(domain.Domain, domain.Domain, [], domain.Config))));
    }

    /// <summary>The blocks that <see cref="ChaosConfig"/> writes, for a dispatcher in this process.</summary>
    public static (string Domain, JsonObject Config)[] Blocks(double delayMs) =>
    [
        (ChaosConfig.Paced, new JsonObject { ["worker_cls"] = nameof(ChaosRewardWorker), ["delay_ms"] = delayMs }),
        (ChaosConfig.Choice, []),
        (ChaosConfig.Math, []),
    ];

    public IReadOnlyList<WorkerAnnouncement> Live(string domain) => Dispatcher.Membership.LiveWorkers(domain);

    public async Task WaitForWorkersAsync(int count, string domain = ChaosConfig.Paced) => Assert.True(
        await Dispatcher.Membership.WaitAsync(members => members.LiveWorkers(domain).Count == count, Patience, CancellationToken.None),
        $"{count} workers of {domain} were waited for, and {Live(domain).Count} live.");

    /// <summary>Scores rows and notes when each was asked for and when its reward came.</summary>
    /// <param name="lines">The rows, as JSON; asked for as far as there is room.</param>
    /// <param name="arrivals">Where arrivals go as they come.</param>
    /// <param name="options">How the call is made; without, rewards come as they finish.</param>
    /// <param name="came">Is told of each.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public async Task ScoreAsync(IAsyncEnumerable<string> lines, ArrivalLog arrivals, CallOptions? options = null, Action<Arrival>? came = null, CancellationToken cancellation = default)
    {
        await foreach (var reward in Dispatcher.ScoreAsync(Run, Rows(lines, arrivals, cancellation), options ?? new CallOptions { InOrder = false }, cancellation))
        {
            var arrival = arrivals.Came(reward);
            came?.Invoke(arrival);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _meter.Dispose();
        await _host.StopAsync();
        _host.Dispose();
    }

    private static async IAsyncEnumerable<Row> Rows(IAsyncEnumerable<string> lines, ArrivalLog arrivals, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await Task.Yield();
        var number = 0L;
        await foreach (var line in lines.WithCancellation(cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            var row = Row.Of(++number, JsonDocument.Parse(line).RootElement, line.Length, int.MaxValue);
            arrivals.Asked(number - 1);
            yield return row;
        }
    }
}

/// <summary>When rows were asked for and when their rewards came.</summary>
internal sealed class ArrivalLog
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly ConcurrentDictionary<long, double> _asked = new();
    private readonly ConcurrentQueue<Arrival> _came = new();

    /// <summary>Seconds since the log was begun.</summary>
    public double Now => Stopwatch.GetElapsedTime(_start).TotalSeconds;

    public int Count => _came.Count;

    /// <summary>How many rows were asked for.</summary>
    public int AskedCount => _asked.Count;

    /// <summary>The arrivals, in their order.</summary>
    public IReadOnlyList<Arrival> All => [.. _came];

    /// <summary>Notes that a row was submitted; the first time counts.</summary>
    public void Asked(long row) => _asked.TryAdd(row, Now);

    public Arrival Came(RowReward reward)
    {
        var row = reward.Row.Number - 1;
        var arrival = new Arrival(row, _asked[row], Now, reward);
        _came.Enqueue(arrival);
        return arrival;
    }

    /// <summary>The results as a process would have written them, in the order of the rows.</summary>
    public IReadOnlyList<string> Output()
    {
        var json = new List<string>();
        foreach (var arrival in _came.OrderBy(arrival => arrival.Row))
        {
            using var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) RewardWriter.WriteObject(writer, arrival.Reward);
            json.Add(Encoding.UTF8.GetString(stream.ToArray()));
        }

        return json;
    }
}

/// <summary>One row's reward.</summary>
/// <param name="Row">Its place in the input, from 0.</param>
/// <param name="Asked">When it was asked for, in seconds.</param>
/// <param name="Came">When its reward came, in seconds.</param>
/// <param name="Reward">The reward.</param>
internal sealed record Arrival(long Row, double Asked, double Came, RowReward Reward)
{
    public double Seconds => Came - Asked;
}
