using System.Text.Json;
using Fleet.Contracts.Batches;
using Fleet.Rewards;
using Fleet.Rewards.Judge;
using Fleet.Unit.Tests.Worker.Tokens;
using Fleet.Worker.Judging;
using Fleet.Worker.Runs;
using Fleet.Worker.Strategies;
using Fleet.Worker.Tokens;
using Fleet.Worker.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Unit.Tests.Worker.Workers;

/// <summary>A judge that is a model of its worker, and the tokenizer of the rows.</summary>
public sealed class LLMJudgeRewardWorkerTests
{
    [Fact]
    public async Task A_judges_own_tokenizer_never_reads_the_rows()
    {
        using var judges = new TinyTokenizer().WithJson();
        var model = new Model();

        Assert.StartsWith("no_tokenizer", await ReasonAsync(model, Ids("42"), new { model_args = new { model_name_or_path = judges.Folder } }), StringComparison.Ordinal);
        Assert.Empty(model.Asked);
        Assert.StartsWith("judged", await ReasonAsync(model, Text("42"), new { model_args = new { model_name_or_path = judges.Folder } }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_of_ids_are_read_with_the_tokenizer_that_made_them()
    {
        using var actors = new TinyTokenizer().WithJson();
        var model = new Model();

        Assert.StartsWith("judged", await ReasonAsync(model, Ids("forty-two"), new { model_args = new { model_name_or_path = "/models/judge" }, tokenizer_path = actors.Folder }), StringComparison.Ordinal);
        Assert.Contains("forty-two", Assert.Single(model.Asked), StringComparison.Ordinal);
    }

    private static DataProto Text(string response) => Part(new KeyValuePair<string, ValueColumn>(BatchKeys.ResponseText, ValueColumn.OfText([response])));

    private static DataProto Ids(string response) => Part().With(BatchKeys.Responses, TokenColumn.Of([[.. response.Select(c => (int)c)]]));

    private static DataProto Part(params KeyValuePair<string, ValueColumn>[] more) =>
        DataProto.Of([], [new(BatchKeys.PromptText, ValueColumn.OfText(["6 * 7?"])), new(BatchKeys.GroundTruth, ValueColumn.OfText(["42"])), .. more], MetaInfo.Empty);

    private static async Task<string> ReasonAsync(Model model, DataProto part, object config)
    {
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).BuildServiceProvider();
        await using var worker = new LLMJudgeRewardWorker();
        await worker.InitializeAsync(
            new WorkerSetup
            {
                Config = RunConfig.Parse(JsonSerializer.Serialize(config)),
                Environment = WorkerEnvironment.None,
                Tokenizers = new TokenizerShelf(),
                Log = NullLogger.Instance,
                Services = services,
                CreateStrategy = _ => model,
            },
            CancellationToken.None);
        return (await worker.ComputeRewardsAsync(part, CancellationToken.None)).NonTensorBatch[BatchKeys.Reason].Text(0)!;
    }

    private sealed class Model : IJudgingStrategy, IJudgeModel
    {
        public List<string> Asked { get; } = [];

        public string Name => "m";

        public string Identity => "m";

        public IJudgeModel CreateJudge(RewardSettings settings) => this;

        public Task<JudgeReply> AskAsync(JudgeQuestion question, CancellationToken cancellationToken)
        {
            Asked.Add(question.Messages[^1].Content);
            return Task.FromResult(new JudgeReply(new JudgeAnswer("Score: 10"), default, default));
        }

        public Task InitializeAsync(CancellationToken cancellation) => Task.CompletedTask;

        public Task LoadStatesAsync(CancellationToken cancellation) => Task.CompletedTask;

        public Task OffloadStatesAsync(CancellationToken cancellation) => Task.CompletedTask;

        public Task SaveStateAsync(string folder, CancellationToken cancellation) => throw new NotSupportedException();

        public Task LoadStateAsync(string folder, CancellationToken cancellation) => throw new NotSupportedException();

        public Task ClearCacheAsync(CancellationToken cancellation) => Task.CompletedTask;

        public Task<DataProto> GenerateAsync(DataProto prompts, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<DataProto> ScoreAsync(DataProto sequences, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
