using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Runs;
using Fleet.Messaging;
using Fleet.Rewards;
using Fleet.Worker;
using Fleet.Worker.Scoring;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Benchmarks;

/// <summary>A generator whose rows finish at random times over 10 s, and a scorer of random cost, in one open call: how much longer than the longer of the two both take.</summary>
internal static class StreamBenchmark
{
    private const string Domain = "waiting";
    private const int Rows = 500;
    private const int Slots = 2;
    private const double GenerationSeconds = 10;

    public static async Task<int> RunAsync(string[] args)
    {
        _ = args;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Error).AddConsole();
        builder.Services.AddRewardWorker(
            new WorkerOptions { Domains = [Domain], Slots = Slots, PlugInFolder = AppContext.BaseDirectory, PlugInAllowList = ["Fleet.Benchmarks.dll"] }, new BrokerOptions());
        builder.Services.AddRewardDispatcher(new DispatcherOptions(), new BrokerOptions());
        using var host = builder.Build();
        await host.StartAsync();
        var dispatcher = host.Services.GetRequiredService<RewardDispatcher>();
        var run = new RunDefinition("bench", [new DomainDefinition(Domain, Domain, [], new JsonObject { ["worker_cls"] = nameof(WaitingRewardWorker) })]);
        await dispatcher.InitializeAsync(run, null, CancellationToken.None);

        await MeasureAsync(dispatcher, run, 0.01, isShown: false);
        // The scorer's mean cost makes scoring shorter than, as long as, and longer than generating.
        foreach (var share in new[] { 0.1, 0.7, 0.95, 1.3 }) await MeasureAsync(dispatcher, run, share);
        await host.StopAsync();
        return 0;
    }

    private static async Task MeasureAsync(RewardDispatcher dispatcher, RunDefinition run, double share, bool isShown = true)
    {
        var random = new Random(17);
        var finish = Enumerable.Range(0, Rows).Select(_ => random.NextDouble() * GenerationSeconds).Order().ToArray();
        var mean = share * GenerationSeconds * Slots / Rows;
        var costs = Enumerable.Range(0, Rows).Select(_ => Math.Round(-Math.Log(1 - random.NextDouble()) * mean * 1000)).ToArray();
        var made = new double[Rows];
        var start = Stopwatch.GetTimestamp();
        double first = 0;
        await foreach (var result in dispatcher.ScoreAsync(run, GenerateAsync(), new CallOptions { InOrder = false }, CancellationToken.None))
        {
            if (first == 0) first = Seconds() - made[result.Row.Number - 1] - costs[result.Row.Number - 1] / 1000;
        }

        var makespan = Seconds();
        var longer = Math.Max(made[^1], costs.Sum() / 1000 / Slots);
        if (!isShown) return;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"generating {made[^1]:0.00} s, scoring {costs.Sum() / 1000 / Slots:0.00} s: both {makespan:0.00} s, {makespan / longer:0.000} of the longer (1.1 allowed); first result {first * 1000:0} ms after its row and its cost (100 allowed)"));

        double Seconds() => Stopwatch.GetElapsedTime(start).TotalSeconds;

        async IAsyncEnumerable<Row> GenerateAsync([EnumeratorCancellation] CancellationToken cancellation = default)
        {
            for (var i = 0; i < Rows; i++)
            {
                var wait = finish[i] - Seconds();
                if (wait > 0) await Task.Delay(TimeSpan.FromSeconds(wait), cancellation);
                made[i] = Seconds();
                yield return Row.Of(i + 1, JsonSerializer.SerializeToElement(new { id = i, domain = Domain, response = costs[i].ToString(CultureInfo.InvariantCulture) }), 100, int.MaxValue);
            }
        }
    }
}

/// <summary>Takes as many milliseconds for a row as its response says.</summary>
public sealed class WaitingRewardWorker : RewardWorker
{
    protected internal override async ValueTask<RewardScore> ScoreAsync(Rollout rollout, CancellationToken cancellation)
    {
        await Task.Delay(int.Parse(rollout.Response, CultureInfo.InvariantCulture), cancellation);
        return RewardScore.Scored(1, new Reason("waited"));
    }
}
