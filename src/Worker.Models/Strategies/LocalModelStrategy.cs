using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Rewards;
using Fleet.Worker.Judging;
using Fleet.Worker.Models.Chat;
using Fleet.Worker.Models.Generation;
using Fleet.Worker.Models.Network;
using Fleet.Worker.Strategies;

namespace Fleet.Worker.Models.Strategies;

/// <summary>The model of a worker, on this machine: scores sequences, continues prompts, judges.</summary>
internal sealed class LocalModelStrategy(string path, LocalModelOptions options) : IJudgingStrategy
{
    private LocalModel? _model;
    private ChatFormat? _chat;

    private LocalModel Model => _model ?? throw new FleetException("The model is not loaded; initialise the strategy first.");

    public Task InitializeAsync(CancellationToken cancellation) => OnThreadAsync(() =>
    {
        _model = LocalModel.Load(path, options);
        if (_model.Tokenizer is not null && _model.Config.Task == ModelTask.Causal) _chat = ChatFormat.Of(path, _model.Tokenizer);
    }, cancellation);

    public Task LoadStatesAsync(CancellationToken cancellation) => OnThreadAsync(() => Model.LoadStates(), cancellation);

    public Task OffloadStatesAsync(CancellationToken cancellation) => OnThreadAsync(() => Model.OffloadStates(), cancellation);

    public Task SaveStateAsync(string folder, CancellationToken cancellation) => OnThreadAsync(() => Model.SaveState(folder), cancellation);

    public Task LoadStateAsync(string folder, CancellationToken cancellation) => OnThreadAsync(() => Model.LoadState(folder), cancellation);

    // TorchSharp has no door to the allocator's cache; offloading gives the weights' memory back.
    public Task ClearCacheAsync(CancellationToken cancellation) => Task.CompletedTask;

    public IJudgeModel CreateJudge(RewardSettings settings)
    {
        double? Generating(string name) => settings.Value("generating_args") is { ValueKind: JsonValueKind.Object } args && args.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
        var samples = settings.Number("judge_samples") ?? 1;
        return new LocalJudgeModel(
            settings.Text("judge_model_name") ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(path)),
            Model,
            new LocalJudgeOptions(Generating("temperature") ?? (samples > 1 ? 1 : 0), Generating("top_p") ?? 1, (int)(Generating("top_k") ?? 0), (int)(Generating("max_new_tokens") ?? 512)),
            options.BatchSize);
    }

    /// <summary>Continues <c>prompts</c> (ids), <c>messages</c> or <c>prompt_text</c>; the meta entry <c>generation_config</c> says how: <c>max_new_tokens</c>, <c>temperature</c>, <c>top_p</c>, <c>top_k</c>, <c>seed</c>, <c>stop</c>.</summary>
    /// <returns><c>responses</c>, <c>response_text</c> and <c>finish_reason</c> of each row.</returns>
    public async Task<DataProto> GenerateAsync(DataProto prompts, CancellationToken cancellation)
    {
        var how = prompts.MetaInfo.TryGetValue("generation_config", out var config) && config.ValueKind == JsonValueKind.Object ? config : default(JsonElement?);
        double Setting(string name, double otherwise) => how is { } json && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : otherwise;
        string[] stop = how is { } settings && settings.TryGetProperty("stop", out var ends)
            ? ends.ValueKind == JsonValueKind.Array ? [.. ends.EnumerateArray().Select(end => end.ToString())] : ends.ValueKind == JsonValueKind.String ? [ends.GetString()!] : []
            : [];
        var rows = new SequenceRows(prompts, Model, _chat);
        var requests = Enumerable.Range(0, prompts.Length).Select(row => new GenerationRequest(rows.Prompt(row))
        {
            MaxNewTokens = (int)Setting("max_new_tokens", 512),
            Temperature = Setting("temperature", 0),
            TopP = Setting("top_p", 1),
            TopK = (int)Setting("top_k", 0),
            Seed = (long)Setting("seed", 0) + row,
            Stop = stop,
        }).ToList();
        IReadOnlyList<Generated> answers = [];
        await OnThreadAsync(() => answers = Model.Generate(requests, cancellation), cancellation);
        return DataProto.Of(
            [new(BatchKeys.Responses, TokenColumn.Of([.. answers.Select(answer => answer.Tokens.ToArray())]))],
            [
                new(BatchKeys.ResponseText, ValueColumn.OfText([.. answers.Select(answer => answer.Text)])),
                new(BatchKeys.FinishReason, ValueColumn.OfText([.. answers.Select(answer => answer.End == GenerationEnd.Length ? "length" : "stop")])),
            ],
            MetaInfo.Empty);
    }

    /// <summary>Scores <c>input_ids</c> with their <c>attention_mask</c>, or <c>prompts</c> and <c>responses</c>, or texts.</summary>
    /// <returns><c>score</c> of each row, null with a <c>reason</c> for a row that cannot be scored; <c>detail</c> with the position, the labels, and the values of a token-level model.</returns>
    public async Task<DataProto> ScoreAsync(DataProto sequences, CancellationToken cancellation)
    {
        if (Model.Config.Task == ModelTask.Causal) throw new FleetException($"The model in {path} continues texts and does not score; give the folder of a reward model.");
        var rows = new SequenceRows(sequences, Model, _chat);
        var all = Enumerable.Range(0, sequences.Length).Select(row => rows.Whole(row)).ToList();
        var sound = Enumerable.Range(0, all.Count).Where(i => all[i].Fault is null).ToList();
        var scores = new double?[all.Count];
        var details = new string?[all.Count];
        await OnThreadAsync(() =>
        {
            var ids = sound.Select(i => all[i].Ids).ToList();
            if (Model.Config.Task == ModelTask.SequenceClassification)
            {
                foreach (var (i, output) in sound.Zip(Model.LastOutputs(ids, cancellation))) (scores[i], details[i]) = Read(all[i], output, null);
            }
            else
            {
                foreach (var (i, output) in sound.Zip(Model.Outputs(ids, cancellation))) (scores[i], details[i]) = Read(all[i], output[^1], [.. output.Select(token => token[0])]);
            }
        }, cancellation);
        return DataProto.Of(
            [],
            [
                new(BatchKeys.Score, ValueColumn.OfNumbers(scores)),
                new(BatchKeys.Reason, ValueColumn.OfText([.. all.Select(row => row.Fault)])),
                new(BatchKeys.Detail, ValueColumn.OfJsonText(details)),
            ],
            MetaInfo.Empty);
    }

    public ValueTask DisposeAsync()
    {
        _model?.Dispose();
        return ValueTask.CompletedTask;
    }

    // One number is the score itself. Of several labels the last is the best by custom, and its probability is the score.
    private static (double Score, string Detail) Read(SequenceRow row, float[] output, float[]? values)
    {
        var detail = new JsonObject { ["position"] = row.Position, ["tokens"] = row.Ids.Count };
        var score = (double)output[0];
        if (output.Length > 1)
        {
            var highest = output.Max();
            var raised = output.Select(logit => Math.Exp(logit - highest)).ToArray();
            score = raised[^1] / raised.Sum();
            detail["logits"] = new JsonArray([.. output.Select(logit => (JsonNode)(double)logit)]);
        }

        if (values is not null) detail["token_values"] = new JsonArray([.. values.Select(value => (JsonNode)Math.Round(value, 6))]);
        return (score, detail.ToJsonString());
    }

    // Passes take seconds of processor time: not on the threads that serve the queue.
    private static Task OnThreadAsync(Action work, CancellationToken cancellation) => Task.Factory.StartNew(() =>
    {
        try
        {
            work();
        }
        catch (ModelException fault)
        {
            throw new FleetException(fault.Message, inner: fault);
        }
    }, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
