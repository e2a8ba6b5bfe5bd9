using System.Runtime.CompilerServices;
using System.Text.Json;
using Fleet.Contracts.Names;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Runs;
using Microsoft.Extensions.Hosting;

namespace RewardService;

/// <summary>Generates rollouts and prints each reward as it comes; generation does not wait for scoring.</summary>
internal sealed class Trainer(RewardDispatcher dispatcher, RunDefinition run, IHostApplicationLifetime life) : BackgroundService
{
    private const int Rollouts = 20;
    private const int MaxRowBytes = 4 * 1024 * 1024;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var call = new CallOptions { InOrder = false, Timeout = TimeSpan.FromMinutes(10) };
        await foreach (var result in dispatcher.ScoreAsync(run, GenerateAsync(stoppingToken), call, stoppingToken))
        {
            Console.WriteLine($"{result.Row.Id} {result.Status.Word()} {result.Reward} {result.Reason}");
        }

        life.StopApplication();
    }

    private static async IAsyncEnumerable<Row> GenerateAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var i = 0; i < Rollouts; i++)
        {
            // Where a model would take its time.
            await Task.Delay(TimeSpan.FromMilliseconds(10), cancellation);
            var json = JsonSerializer.SerializeToUtf8Bytes(new { id = i, domain = Domains.MathRule, response = $"\\boxed{{{i}}}", ground_truth = $"{i - i % 2}" });
            yield return Row.Of(i + 1, JsonDocument.Parse(json).RootElement, json.Length, MaxRowBytes);
        }
    }
}
