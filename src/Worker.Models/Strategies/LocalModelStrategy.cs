using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Rewards;
using Fleet.Worker.Judging;
using Fleet.Worker.Models.Generation;
using Fleet.Worker.Models.Network;
using Fleet.Worker.Strategies;

namespace Fleet.Worker.Models.Strategies;

/// <summary>The model of a worker, on this machine: scores sequences, continues prompts, judges.</summary>
internal sealed class LocalModelStrategy(string path, LocalModelOptions options) : IJudgingStrategy
{
    private LocalModel? _model;

    public bool Scores => Model.Config.Task != ModelTask.Causal;

    private LocalModel Model => _model ?? throw new FleetException("The model is not loaded; initialise the strategy first.");

    public Task InitializeAsync(CancellationToken cancellation) => OnThreadAsync(() =>
    {
        _model = LocalModel.Load(path, options);

        // What continues texts is asked in texts; a form that is unknown is told now.
        if (_model.Tokenizer is not null && !Scores) _ = _model.Chat;
    }, cancellation);

    public Task LoadStatesAsync(CancellationToken cancellation) => OnThreadAsync(() => Model.LoadStates(), cancellation);

    public Task OffloadStatesAsync(CancellationToken cancellation) => OnThreadAsync(() => Model.OffloadStates(), cancellation);

    public Task SaveStateAsync(string folder, CancellationToken cancellation) => OnThreadAsync(() => Model.SaveState(folder), cancellation);

    public Task LoadStateAsync(string folder, CancellationToken cancellation) => OnThreadAsync(() => Model.LoadState(folder), cancellation);

    // TorchSharp has no door to the allocator's cache; offloading gives the weights' memory back.
    public Task ClearCacheAsync(CancellationToken cancellation) => Task.CompletedTask;

    public IJudgeModel CreateJudge(RewardSettings settings)
    {
        var samples = settings.Number("judge_samples") ?? 1;
        var how = GenerationSettings.Of(GeneratingArgs.Of(settings), temperature: samples > 1 ? 1 : 0);
        return new LocalJudgeModel(
            settings.Text("judge_model_name") ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(path)),
            Model,
            new LocalJudgeOptions(how.Temperature, how.TopP, how.TopK, how.MaxNewTokens),
            options.BatchSize);
    }

    /// <summary>Continues <c>prompts</c> (ids), <c>messages</c> or <c>prompt_text</c>; the meta entry <c>generation_config</c> says how: <c>max_new_tokens</c>, <c>temperature</c>, <c>top_p</c>, <c>top_k</c>, <c>seed</c>, <c>stop</c>.</summary>
    /// <returns><c>responses</c>, <c>response_text</c> and <c>finish_reason</c> of each row.</returns>
    public async Task<DataProto> GenerateAsync(DataProto prompts, CancellationToken cancellation)
    {
        var how = GenerationSettings.Of(prompts.MetaInfo.TryGetValue("generation_config", out var config) ? config : null);
        var answers = await OnThreadAsync(() =>
        {
            var rows = new SequenceRows(prompts, Model);
            return Model.Generate([.. Enumerable.Range(0, prompts.Length).Select(row => how with { Prompt = rows.Prompt(row), Seed = how.Seed + row })], cancellation);
        }, cancellation);
        return DataProto.Of(
            [new(BatchKeys.Responses, TokenColumn.Of([.. answers.Select(answer => answer.Tokens.ToArray())]))],
            [
                new(BatchKeys.ResponseText, ValueColumn.OfText([.. answers.Select(answer => answer.Text)])),
                new(BatchKeys.FinishReason, ValueColumn.OfText([.. answers.Select(answer => answer.End == GenerationEnd.Length ? "length" : "stop")])),
            ],
            MetaInfo.Empty);
    }

    /// <summary>Scores <c>input_ids</c> with their <c>attention_mask</c>, or <c>prompts</c> and <c>responses</c>, or texts.</summary>
    /// <returns>
    /// <c>score</c> of each row, null with a <c>reason</c> for a row that cannot be scored and NaN where the model's output is no finite number;
    /// <c>detail</c> with the position, the labels, and the values of a token-level model.
    /// </returns>
    public Task<DataProto> ScoreAsync(DataProto sequences, CancellationToken cancellation) => OnThreadAsync(() =>
    {
        if (!Scores) throw new FleetException($"The model in {path} continues texts and does not score; give the folder of a reward model.");
        var rows = new SequenceRows(sequences, Model);
        var all = Enumerable.Range(0, sequences.Length).Select(row => rows.Whole(row)).ToList();
        var sound = all.Where(row => row.Fault is null).ToList();
        List<IReadOnlyList<int>> ids = [.. sound.Select(row => row.Ids)];
        List<(double Score, JsonObject? Detail)> read = Model.Config.Task == ModelTask.SequenceClassification
            ? [.. sound.Zip(Model.LastOutputs(ids, cancellation), Labels)]
            : [.. sound.Zip(Model.Outputs(ids, cancellation), Values)];

        var next = 0;
        List<(double Score, JsonObject? Detail)?> results = [.. all.Select(row => row.Fault is null ? read[next++] : default((double, JsonObject?)?))];
        return DataProto.Of(
            [],
            [
                new(BatchKeys.Score, ValueColumn.OfNumbers([.. results.Select(row => row?.Score)])),
                new(BatchKeys.Reason, ValueColumn.OfText([.. all.Select(row => row.Fault)])),
                new(BatchKeys.Detail, ValueColumn.OfJsonText([.. results.Select(row => row?.Detail?.ToJsonString())])),
            ],
            MetaInfo.Empty);
    }, cancellation);

    public ValueTask DisposeAsync()
    {
        _model?.Dispose();
        return ValueTask.CompletedTask;
    }

    // One number is the score itself. Of several labels the last is the best by custom, and its probability is the score.
    private static (double Score, JsonObject? Detail) Labels(SequenceRow row, float[] output)
    {
        if (!output.All(float.IsFinite)) return (double.NaN, null);
        var detail = Place(row);
        if (output.Length == 1) return (output[0], detail);
        detail["logits"] = new JsonArray([.. output.Select(logit => (JsonNode)(double)logit)]);
        return (LabelProbabilities.Of(output)[^1], detail);
    }

    private static (double Score, JsonObject? Detail) Values(SequenceRow row, float[][] outputs)
    {
        if (!outputs.All(output => float.IsFinite(output[0]))) return (double.NaN, null);
        var detail = Place(row);
        detail["token_values"] = new JsonArray([.. outputs.Select(output => (JsonNode)Math.Round(output[0], 6))]);
        return (outputs[^1][0], detail);
    }

    private static JsonObject Place(SequenceRow row) => new() { ["position"] = row.Position, ["tokens"] = row.Ids.Count };

    // Passes take seconds of processor time: not on the threads that serve the queue.
    private static Task OnThreadAsync(Action work, CancellationToken cancellation) => Task.Factory.StartNew(work, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Task<T> OnThreadAsync<T>(Func<T> work, CancellationToken cancellation) => Task.Factory.StartNew(work, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
