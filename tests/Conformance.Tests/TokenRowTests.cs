using System.Text.Json;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Names;
using Fleet.Worker;
using Fleet.Worker.Runs;
using Fleet.Worker.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Conformance.Tests;

/// <summary>Real responses as token ids get the scores that they get as text.</summary>
public sealed class TokenRowTests
{
    private static readonly string[] Compared = [BatchKeys.Status, BatchKeys.Score, BatchKeys.Reward, BatchKeys.Reason];

    [Theory]
    [InlineData("gpt2", Domains.GeneralValRule)]
    [InlineData("gpt2", Domains.CrossThinkQa)]
    [InlineData("gpt2", Domains.MultipleChoiceBoxed)]
    [InlineData("qwen-tiktoken", Domains.GeneralValRule)]
    [InlineData("qwen-tiktoken", Domains.CrossThinkQa)]
    [InlineData("qwen-tiktoken", Domains.MultipleChoiceBoxed)]
    public async Task Ids_and_text_get_the_same_scores(string folder, string domain)
    {
        var path = TokenizerTests.PathOf(folder);
        var rows = LabelledCases.Read("../rollouts/mixed-dev.jsonl").Where(row => row.GetProperty("domain").GetString() == domain).ToList();
        Assert.NotEmpty(rows);
        var tokenizer = TokenizerFolder.Load(path);
        var gold = new KeyValuePair<string, ValueColumn>(BatchKeys.GroundTruth, ValueColumn.OfText([.. rows.Select(row => row.GetProperty("ground_truth").ToString())]));
        var tag = new KeyValuePair<string, ValueColumn>(BatchKeys.Tag, ValueColumn.OfText([.. rows.Select(row => row.TryGetProperty("tag", out var tag) ? tag.GetString() : null)]));
        var responses = rows.Select(row => row.GetProperty("response").GetString()!).ToList();
        var ids = responses.Select(response => tokenizer.Encode(response).ToArray()).ToList();
        var counts = new KeyValuePair<string, ValueColumn>(BatchKeys.ResponseTokens, ValueColumn.OfNumbers([.. ids.Select(row => (double?)row.Length)]));

        var byText = await ScoreAsync(domain, path, DataProto.Of([], [new(BatchKeys.ResponseText, ValueColumn.OfText(responses)), gold, tag, counts]));
        var byIds = await ScoreAsync(domain, path, DataProto.Of([new(BatchKeys.Responses, TokenColumn.Of(ids))], [gold, tag]));

        foreach (var column in Compared)
        {
            for (var row = 0; row < rows.Count; row++)
            {
                Assert.Equal(Value(byText, column, row), Value(byIds, column, row));
            }
        }
    }

    private static string? Value(DataProto reply, string column, int row) => reply.NonTensorBatch[column].Json(row)?.GetRawText();

    private static async Task<DataProto> ScoreAsync(string domain, string tokenizer, DataProto rows)
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var worker = new WorkerCatalog(new WorkerOptions()).Create(domain, null);
        await worker.InitializeAsync(
            new WorkerSetup
            {
                Config = RunConfig.Parse(JsonSerializer.Serialize(new { model_args = new { model_name_or_path = tokenizer } })),
                Environment = WorkerEnvironment.None,
                Tokenizers = new TokenizerShelf(),
                Log = NullLogger.Instance,
                Services = services,
            },
            CancellationToken.None);
        return await worker.ComputeRewardsAsync(rows, CancellationToken.None);
    }
}
