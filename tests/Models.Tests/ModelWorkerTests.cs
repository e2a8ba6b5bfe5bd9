using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Worker.Models.Strategies;
using Fleet.Worker.Runs;
using Fleet.Worker.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ModelWorker;

namespace Fleet.Models.Tests;

/// <summary>The sample: a custom worker whose strategy is a model.</summary>
public sealed class ModelWorkerTests
{
    [Fact]
    public async Task A_custom_worker_scores_with_its_model_and_its_rules()
    {
        using var model = TinyModels.Load("qwen2-classifier");
        await using var worker = new ModelAndRulesRewardWorker();
        await worker.InitializeAsync(Setup(TinyModels.Config(model.Path)), CancellationToken.None);
        string repeated = string.Concat(Enumerable.Repeat("one two three four ", 20));
        var rows = DataProto.Of([], [new(BatchKeys.PromptText, ValueColumn.OfText(["hi", "hi", null])), new(BatchKeys.ResponseText, ValueColumn.OfText(["yo", repeated, "x"]))], MetaInfo.Empty);

        var reply = await worker.ComputeRewardsAsync(rows, CancellationToken.None);

        var logit = model.LastOutputs([model.Tokenizer!.Encode("<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\nyo<|im_end|>\n")], CancellationToken.None)[0][0];
        double Number(string key, int row) => reply.NonTensorBatch[key].Number(row)!.Value;
        Assert.Equal(1 / (1 + Math.Exp(-logit)), Number(BatchKeys.Score, 0), 1e-4);
        Assert.Equal(Number(BatchKeys.Score, 0), Number(BatchKeys.Reward, 0));
        Assert.True(Number(BatchKeys.Reward, 1) < Number(BatchKeys.Score, 1));
        Assert.Equal(("invalid", null), (reply.NonTensorBatch[BatchKeys.Status].Text(2), reply.NonTensorBatch[BatchKeys.Score].Number(2)));
        Assert.Contains("missing_column", reply.NonTensorBatch[BatchKeys.Reason].Text(2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_strategy_args_it_says_what_is_missing()
    {
        await using var worker = new ModelAndRulesRewardWorker();
        var refused = await Assert.ThrowsAsync<FleetException>(() => worker.InitializeAsync(Setup("{}"), CancellationToken.None));
        Assert.Contains("needs strategy_args", refused.Message, StringComparison.Ordinal);
    }

    private static WorkerSetup Setup(string config) => new()
    {
        Config = RunConfig.Parse(config),
        Environment = WorkerEnvironment.None,
        Tokenizers = new TokenizerShelf(),
        Log = NullLogger.Instance,
        Services = new ServiceCollection().BuildServiceProvider(),
        CreateStrategy = run => new LocalStrategyFactory().Create(run, new()),
    };
}
