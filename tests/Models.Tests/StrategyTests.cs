using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Ranks;
using Fleet.Worker.Models.Strategies;
using Fleet.Worker.Runs;

namespace Fleet.Models.Tests;

public class StrategyTests
{
    private static async Task<LocalModelStrategy> StartAsync(string name)
    {
        TinyModels.Require();
        return await StartFolderAsync(TinyModels.Folder(name));
    }

    private static async Task<LocalModelStrategy> StartFolderAsync(string folder)
    {
        var strategy = new LocalModelStrategy(folder, TinyModels.Options);
        await strategy.InitializeAsync(CancellationToken.None);
        return strategy;
    }

    private static DataProto Texts(string messages, string response) =>
        DataProto.Of([], [new(BatchKeys.Messages, ValueColumn.OfJsonText([messages])), new(BatchKeys.ResponseText, ValueColumn.OfText([response]))], MetaInfo.Empty);

    [Fact]
    public async Task Ids_are_scored_by_their_mask_and_rows_that_cannot_be_are_named()
    {
        var golden = TinyModels.Golden("qwen2-classifier");
        await using var strategy = await StartAsync("qwen2-classifier");
        long[] padded = [0, .. golden.Rows[1], 256, 256];
        long[] unknown = [.. Enumerable.Repeat(999L, padded.Length)];
        var batch = DataProto.Of(
            [
                new(BatchKeys.InputIds, Tensor.Of<long>([.. padded, .. unknown, .. padded], 3, padded.Length)),
                new(BatchKeys.AttentionMask, Tensor.Of<long>([0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, .. new long[10]], 3, padded.Length)),
            ],
            [],
            MetaInfo.Empty);

        var scored = await strategy.ScoreAsync(batch, CancellationToken.None);
        Assert.Equal(golden.Outputs[1][^1][0], scored.NonTensorBatch[BatchKeys.Score].Number(0)!.Value, 1e-4);
        Assert.Equal(7, scored.NonTensorBatch[BatchKeys.Detail].Json(0)!.Value.GetProperty("position").GetInt32());
        Assert.Null(scored.NonTensorBatch[BatchKeys.Score].Number(1));
        Assert.StartsWith("unknown_token_id", scored.NonTensorBatch[BatchKeys.Reason].Text(1), StringComparison.Ordinal);
        Assert.StartsWith("no_tokens", scored.NonTensorBatch[BatchKeys.Reason].Text(2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_level_model_gives_every_token_its_value()
    {
        var golden = TinyModels.Golden("qwen3-values");
        await using var strategy = await StartAsync("qwen3-values");
        var batch = DataProto.Of([new(BatchKeys.Prompts, TokenColumn.Of([golden.Rows[0][..5]])), new(BatchKeys.Responses, TokenColumn.Of([golden.Rows[0][5..]]))], [], MetaInfo.Empty);
        var scored = await strategy.ScoreAsync(batch, CancellationToken.None);
        var values = scored.NonTensorBatch[BatchKeys.Detail].Json(0)!.Value.GetProperty("token_values").EnumerateArray().Select(v => v.GetDouble()).ToList();
        Assert.Equal(golden.Outputs[0].Length, values.Count);
        foreach (var (value, expected) in values.Zip(golden.Outputs[0])) Assert.Equal(expected[0], value, 1e-4);
        Assert.Equal(values[^1], scored.NonTensorBatch[BatchKeys.Score].Number(0)!.Value, 1e-5);
    }

    [Fact]
    public async Task Texts_are_scored_as_a_conversation()
    {
        await using var strategy = await StartAsync("qwen2-classifier");
        using var model = TinyModels.Load("qwen2-classifier");
        var batch = DataProto.Of([], [new(BatchKeys.PromptText, ValueColumn.OfText(["hi", null])), new(BatchKeys.ResponseText, ValueColumn.OfText(["yo", "x"]))], MetaInfo.Empty);
        var scored = await strategy.ScoreAsync(batch, CancellationToken.None);
        var ids = model.Tokenizer!.Encode("<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\nyo<|im_end|>\n");
        Assert.Equal(model.LastOutputs([ids], CancellationToken.None)[0][0], scored.NonTensorBatch[BatchKeys.Score].Number(0)!.Value, 1e-4);
        Assert.StartsWith("missing_column", scored.NonTensorBatch[BatchKeys.Reason].Text(1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_in_parts_are_read_with_their_texts()
    {
        await using var strategy = await StartAsync("qwen2-classifier");
        var whole = await strategy.ScoreAsync(Texts("""[{"role":"user","content":"a\nb"}]""", "yo"), CancellationToken.None);
        var parts = await strategy.ScoreAsync(Texts("""[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]""", "yo"), CancellationToken.None);
        Assert.Equal(whole.NonTensorBatch[BatchKeys.Score].Number(0), parts.NonTensorBatch[BatchKeys.Score].Number(0));
        Assert.NotNull(whole.NonTensorBatch[BatchKeys.Score].Number(0));
    }

    [Fact]
    public async Task A_text_full_of_special_tokens_is_too_long_and_nothing_else()
    {
        await using var strategy = await StartAsync("qwen2-classifier");
        var scored = await strategy.ScoreAsync(Texts("""[{"role":"user","content":"hi"}]""", string.Concat(Enumerable.Repeat("<|im_start|>", 400_000))), CancellationToken.None);
        Assert.StartsWith("too_long", scored.NonTensorBatch[BatchKeys.Reason].Text(0), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ragged_ids_are_read_by_their_mask_and_without_one_by_the_padding_of_their_column()
    {
        const int Pad = 260;
        var golden = TinyModels.Golden("qwen2-classifier");
        await using var strategy = await StartAsync("qwen2-classifier");

        // A trainer pads prompts on the left and responses on the right; only one end is cut from a ragged row.
        int[] row = golden.Rows[1];
        var ids = TokenColumn.Of([[Pad, Pad, .. row], [.. row]], width: row.Length + 4, padId: Pad);
        long[] mask = [0, 0, .. Enumerable.Repeat(1L, row.Length), 0, 0, .. Enumerable.Repeat(1L, row.Length), 0, 0, 0, 0];
        var bare = DataProto.Of([new(BatchKeys.InputIds, ids)]);
        var masked = bare.With(BatchKeys.AttentionMask, Tensor.Of(mask, 2, row.Length + 4));

        foreach (var (batch, position) in new[] { (bare, row.Length + 1), (masked, row.Length + 1) })
        {
            var scored = await strategy.ScoreAsync(batch, CancellationToken.None);
            foreach (var i in new[] { 0, 1 }) Assert.Equal(golden.Outputs[1][^1][0], scored.NonTensorBatch[BatchKeys.Score].Number(i)!.Value, 1e-4);
            Assert.Equal(position, scored.NonTensorBatch[BatchKeys.Detail].Json(0)!.Value.GetProperty("position").GetInt32());
        }

        var other = await Assert.ThrowsAsync<FleetException>(() => strategy.ScoreAsync(bare.With(BatchKeys.AttentionMask, Tensor.Of<long>([1, 1], 2, 1)), CancellationToken.None));
        Assert.Contains("the mask has a value for each id", other.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qwen2-classifier")]
    [InlineData("llama-classifier")]
    [InlineData("qwen3-values")]
    public async Task An_output_that_is_no_number_is_no_score(string name)
    {
        TinyModels.Require();
        using var copy = new ModelCopy(name);
        copy.Spoil("score.weight");
        await using var strategy = await StartFolderAsync(copy.Path);
        var scored = await strategy.ScoreAsync(DataProto.Of([new(BatchKeys.InputIds, TokenColumn.Of([[63, 64]]))]), CancellationToken.None);
        Assert.Equal(double.NaN, scored.NonTensorBatch[BatchKeys.Score].Number(0));
        Assert.True(scored.NonTensorBatch[BatchKeys.Detail].IsNull(0));
    }

    [Fact]
    public async Task A_model_that_continues_texts_does_not_say_that_it_scores()
    {
        await using var causal = await StartAsync("qwen2");
        await using var classifier = await StartAsync("qwen2-classifier");
        Assert.Equal((false, true), (causal.Scores, classifier.Scores));
    }

    [Fact]
    public async Task Prompts_are_continued()
    {
        var golden = TinyModels.Golden("qwen2");
        await using var strategy = await StartAsync("qwen2");
        var batch = DataProto.Of([new(BatchKeys.Prompts, TokenColumn.Of([golden.Rows[0]]))], [], MetaInfo.Empty.With("generation_config", new { max_new_tokens = 12 }));
        var answer = await strategy.GenerateAsync(batch, CancellationToken.None);
        Assert.Equal(golden.Greedy![0], ((TokenColumn)answer.Batch[BatchKeys.Responses]).Row(0).ToArray());
        Assert.Equal("length", answer.NonTensorBatch[BatchKeys.FinishReason].Text(0));

        var text = answer.NonTensorBatch[BatchKeys.ResponseText].Text(0)!;
        var stopped = await strategy.GenerateAsync(batch.WithMeta(MetaInfo.Empty.With("generation_config", new { max_new_tokens = 12, stop = text[2..4] })), CancellationToken.None);
        Assert.Equal(text[..text.IndexOf(text[2..4], StringComparison.Ordinal)], stopped.NonTensorBatch[BatchKeys.ResponseText].Text(0));
        Assert.Equal("stop", stopped.NonTensorBatch[BatchKeys.FinishReason].Text(0));
    }

    [Fact]
    public async Task A_saved_state_is_the_same_model_and_takes_the_place_of_another()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        await using var classifier = await StartAsync("qwen2-classifier");
        await classifier.SaveStateAsync(folder, CancellationToken.None);
        await classifier.OffloadStatesAsync(CancellationToken.None);
        await classifier.LoadStateAsync(folder, CancellationToken.None);

        var golden = TinyModels.Golden("qwen2-classifier");
        var batch = DataProto.Of([new(BatchKeys.InputIds, TokenColumn.Of([golden.Rows[1]]))], [], MetaInfo.Empty);
        Assert.Contains("off the device", (await Assert.ThrowsAnyAsync<FleetException>(() => classifier.ScoreAsync(batch, CancellationToken.None))).Message, StringComparison.Ordinal);
        await classifier.LoadStatesAsync(CancellationToken.None);
        Assert.Equal(golden.Outputs[1][^1][0], (await classifier.ScoreAsync(batch, CancellationToken.None)).NonTensorBatch[BatchKeys.Score].Number(0)!.Value, 1e-4);

        var other = await Assert.ThrowsAnyAsync<FleetException>(() => classifier.LoadStateAsync(TinyModels.Folder("qwen2"), CancellationToken.None));
        Assert.Contains("is a Causal", other.Message, StringComparison.Ordinal);
        Assert.Equal(golden.Outputs[1][^1][0], (await classifier.ScoreAsync(batch, CancellationToken.None)).NonTensorBatch[BatchKeys.Score].Number(0)!.Value, 1e-4);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("null", 3, "cpu")]
    [InlineData("[6, 7]", 0, "cuda:6")]
    [InlineData("[6, 7]", 3, "cuda:7")]
    [InlineData("\"list(range(12,16))\"", 1, "cuda:13")]
    [InlineData("\"list(range(2))\"", 5, "cuda:1")]
    [InlineData("\"whatever\"", 0, "cpu")]
    public void Each_rank_has_the_device_that_the_mapping_gives_it(string mapping, int rank, string device) =>
        Assert.Equal(device, LocalStrategyFactory.Device(JsonSerializer.Deserialize<JsonElement>(mapping), rank));

    [Fact]
    public void A_model_of_several_ranks_needs_a_strategy_that_is_parallel()
    {
        var config = RunConfig.Parse("""{"strategy_args":{"strategy_config":{"tensor_model_parallel_size":2}},"model_args":{"model_name_or_path":"/m"}}""");
        var refused = Assert.Throws<FleetException>(() => new LocalStrategyFactory().Create(config, RankInfo.Grouped(1, 2, config.Group)));
        Assert.Contains("of 2 x 1 ranks", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"judge_prompt":"x"}""", false)]
    [InlineData("""{"strategy_args":{"strategy_name":"vllm"},"model_args":{"model_name_or_path":"/m"},"judge_api_url":"http://x"}""", false)]
    [InlineData("""{"strategy_args":{"strategy_name":"vllm"},"model_args":{"model_name_or_path":"/m"},"judges":[{"judge_api_url":"http://x"}]}""", false)]
    [InlineData("""{"strategy_args":{"strategy_name":"hf_infer"},"model_args":{"model_name_or_path":"/m"}}""", true)]
    public void Only_a_worker_with_a_model_of_its_own_gets_one(string config, bool has) => Assert.Equal(has, new LocalStrategyFactory().Create(RunConfig.Parse(config), new RankInfo()) is not null);
}
