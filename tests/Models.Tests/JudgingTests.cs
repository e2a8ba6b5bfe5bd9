using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Names;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Runs;
using Fleet.Messaging;
using Fleet.Worker;
using Fleet.Worker.Models.Strategies;
using Fleet.Worker.Strategies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Fleet.Models.Tests;

/// <summary>A judge that is a model of the worker itself, from row to reward.</summary>
public sealed class JudgingTests
{
    [Fact]
    public async Task Every_row_that_a_local_model_judges_ends_with_a_status_and_says_what_it_took()
    {
        TinyModels.Require();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddRewardWorker(new WorkerOptions { Domains = [Domains.LlmJudge] }, new BrokerOptions());
        builder.Services.AddSingleton<IStrategyFactory, LocalStrategyFactory>();
        builder.Services.AddRewardDispatcher(new DispatcherOptions(), new BrokerOptions());
        using var host = builder.Build();
        await host.StartAsync();
        var config = JsonNode.Parse(TinyModels.Config(TinyModels.Folder("qwen2")))!.AsObject();
        var judging = JsonNode.Parse("""{"judge_model_type": "inference", "judge_prompt": "Qwen2.5-7B-Instruct-RLVR-prompt", "judge_asks": 2, "infer_batch_size": 16, "generating_args": {"max_new_tokens": 4}}""")!.AsObject();
        foreach (var (key, value) in judging) config[key] = value?.DeepClone();
        var run = new RunDefinition("judging", [new DomainDefinition(Domains.LlmJudge, Domains.LlmJudge, [], config)]);

        List<RowReward> rewards = [];
        await foreach (var reward in host.Services.GetRequiredService<RewardDispatcher>().ScoreAsync(run, Rows(40).ToAsyncEnumerable(), new CallOptions(), CancellationToken.None)) rewards.Add(reward);
        await host.StopAsync();

        // Random weights say nothing that can be read, which is no score.
        Assert.Equal(40, rewards.Count);
        Assert.All(rewards.Take(39), reward =>
        {
            Assert.True(reward.Status == RowStatus.Failed && reward.Reason.StartsWith("judge_", StringComparison.Ordinal), reward.Reason);
            var usage = JsonNode.Parse(reward.Detail!)!["usage"]!;
            Assert.Equal(2, (int)usage["requests"]!);
            Assert.True((int)usage["prompt_tokens"]! > 400);
        });
        Assert.Equal((RowStatus.Invalid, "no_ground_truth"), (rewards[39].Status, rewards[39].ReasonCode));
    }

    private static IEnumerable<Row> Rows(int count) => Enumerable.Range(1, count).Select(number =>
    {
        var json = JsonSerializer.SerializeToElement(new { id = number, domain = Domains.LlmJudge, prompt = $"{number} + 1?", response = $"{number + 1}", ground_truth = number < count ? $"{number + 1}" : null });
        return Row.Of(number, json, 100, int.MaxValue);
    });
}
