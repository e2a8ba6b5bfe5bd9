using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Worker.Runs;
using Fleet.Worker.Strategies;
using Fleet.Worker.Tokens;
using Fleet.Worker.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Unit.Tests.Worker.Workers;

public sealed class RewardModelWorkerTests
{
    private static readonly DataProto Rows = DataProto.Of(
        [],
        [
            new(BatchKeys.ResponseText, ValueColumn.OfText(["0.25", "2", "NaN", "none"])),
            new(BatchKeys.FinishReason, ValueColumn.OfText(["stop", "length", null, "stop"])),
        ]);

    [Fact]
    public async Task Each_row_gets_the_models_number_or_says_why_there_is_none() => Assert.Equal(
        [
            "scored 0.25 model_score",
            "scored 2 model_score",
            "failed  not_a_number: The worker returned no finite score or reward.",
            "invalid  too_long: The row is too long.",
        ],
        await ScoreAsync(new Parrot(), "{}", Rows));

    [Fact]
    public async Task A_response_that_was_cut_is_wrong_and_never_shown_to_the_model_where_the_domain_says_so()
    {
        var model = new Parrot();
        var rows = await ScoreAsync(model, """{"truncated": "zero"}""", Rows);
        Assert.Equal("scored 0.25 model_score", rows[0]);
        Assert.StartsWith("scored 0 truncated: ", rows[1], StringComparison.Ordinal);
        Assert.StartsWith("failed", rows[2], StringComparison.Ordinal);
        Assert.Equal(["0.25", "NaN", "none"], model.Asked);
    }

    [Fact]
    public async Task Further_rules_stand_beside_the_models_score()
    {
        await using var worker = await StartAsync(new Parrot(), """{"rewards": [{"name": "format", "pattern": "^2$"}]}""");
        var components = (await worker.ComputeRewardsAsync(Rows, CancellationToken.None)).NonTensorBatch[BatchKeys.Components];
        Assert.Equal(["""{"format":0}""", """{"format":1}""", null, """{"format":0}"""], Enumerable.Range(0, 4).Select(components.Text));
    }

    [Fact]
    public async Task A_model_that_only_continues_texts_is_refused_at_once() => Assert.Contains(
        "continues texts and does not score", (await Assert.ThrowsAsync<FleetException>(() => StartAsync(new Parrot { Scores = false }, "{}"))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Without_a_model_it_says_what_is_missing() => Assert.Contains(
        "needs strategy_args", (await Assert.ThrowsAsync<FleetException>(() => StartAsync(null, "{}"))).Message, StringComparison.Ordinal);

    private static async Task<string[]> ScoreAsync(Parrot model, string config, DataProto rows)
    {
        await using var worker = await StartAsync(model, config);
        var reply = await worker.ComputeRewardsAsync(rows, CancellationToken.None);
        string? Text(string key, int row) => reply.NonTensorBatch[key].Text(row);
        return [.. Enumerable.Range(0, rows.Length).Select(row => $"{Text(BatchKeys.Status, row)} {Text(BatchKeys.Score, row)} {Text(BatchKeys.Reason, row)}")];
    }

    private static async Task<RewardModelWorker> StartAsync(IModelStrategy? model, string config)
    {
        var worker = new RewardModelWorker();
        await worker.InitializeAsync(
            new WorkerSetup
            {
                Config = RunConfig.Parse(config),
                Environment = WorkerEnvironment.None,
                Tokenizers = new TokenizerShelf(),
                Log = NullLogger.Instance,
                Services = new ServiceCollection().BuildServiceProvider(),
                CreateStrategy = _ => model,
            },
            CancellationToken.None);
        return worker;
    }

    /// <summary>Scores a response with the number that it says; "none" is too long for it.</summary>
    private sealed class Parrot : IModelStrategy
    {
        public bool Scores { get; init; } = true;

        public List<string?> Asked { get; } = [];

        public Task<DataProto> ScoreAsync(DataProto sequences, CancellationToken cancellation)
        {
            List<string?> texts = [.. Enumerable.Range(0, sequences.Length).Select(sequences.NonTensorBatch[BatchKeys.ResponseText].Text)];
            Asked.AddRange(texts);
            return Task.FromResult(DataProto.Of(
                [],
                [
                    new(BatchKeys.Score, ValueColumn.OfNumbers([.. texts.Select(text => text == "none" ? (double?)null : double.Parse(text!, System.Globalization.CultureInfo.InvariantCulture))])),
                    new(BatchKeys.Reason, ValueColumn.OfText([.. texts.Select(text => text == "none" ? "too_long: The row is too long." : null)])),
                    new(BatchKeys.Detail, ValueColumn.OfJsonText([.. texts.Select(_ => (string?)null)])),
                ]));
        }

        public Task InitializeAsync(CancellationToken cancellation) => Task.CompletedTask;

        public Task LoadStatesAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task OffloadStatesAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task SaveStateAsync(string folder, CancellationToken cancellation) => throw new NotSupportedException();

        public Task LoadStateAsync(string folder, CancellationToken cancellation) => throw new NotSupportedException();

        public Task ClearCacheAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<DataProto> GenerateAsync(DataProto prompts, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
