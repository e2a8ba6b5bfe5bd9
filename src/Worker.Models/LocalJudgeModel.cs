using Fleet.Rewards;
using Fleet.Rewards.Judge;
using Fleet.Worker.Judging;
using Fleet.Worker.Models.Chat;
using Fleet.Worker.Models.Generation;

namespace Fleet.Worker.Models;

/// <summary>How a local judge answers.</summary>
/// <value>The defaults of <c>generating_args</c>: temperature 0, at most 512 new tokens.</value>
public sealed record LocalJudgeOptions(double Temperature = 0, double TopP = 1, int TopK = 0, int MaxNewTokens = 512);

/// <summary>A judge that is a model on this machine (<c>judge_model_type: inference</c>). Requests of many rows become batches.</summary>
public sealed class LocalJudgeModel : IJudgeModel
{
    private const int TopTokens = 20;

    private readonly LocalModel _model;
    private readonly ChatFormat _chat;
    private readonly LocalJudgeOptions _options;
    private readonly BatchQueue<GenerationRequest, Generated> _queue;

    /// <summary>Creates a judge.</summary>
    /// <param name="name">The judge's name.</param>
    /// <param name="model">The model; stays its owner's.</param>
    /// <param name="options">How it answers.</param>
    /// <param name="batchSize">The most requests in one pass.</param>
    /// <exception cref="ModelException">The folder has no tokenizer, or a chat template of an unknown form.</exception>
    public LocalJudgeModel(string name, LocalModel model, LocalJudgeOptions options, int batchSize = 16)
    {
        Name = name;
        _model = model;
        _options = options;
        _chat = model.Chat;
        _queue = new BatchQueue<GenerationRequest, Generated>(model.Generate, batchSize);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Identity => $"{_model.Path}|{_options}";

    /// <inheritdoc/>
    public bool Fits(JudgeQuestion question) => Fits(Prompt(question), MostTokens(question));

    /// <inheritdoc/>
    public async Task<JudgeReply> AskAsync(JudgeQuestion question, CancellationToken cancellationToken)
    {
        var prompt = Prompt(question);
        var request = new GenerationRequest(prompt)
        {
            MaxNewTokens = MostTokens(question),
            Temperature = _options.Temperature,
            TopP = _options.TopP,
            TopK = _options.TopK,
            Seed = question.Seed,
            TopLogProbabilities = question.WantsFirstToken ? TopTokens : 0,
            Abandoned = cancellationToken,
        };
        if (!Fits(prompt, request.MaxNewTokens))
        {
            var sentence = FormattableString.Invariant($"The request with {request.MaxNewTokens} tokens to come is too long; the judge takes {_model.MaxTokens}.");
            return new JudgeReply(null, new Reason(JudgeFaults.Rejected, sentence), default);
        }

        try
        {
            var answer = await _queue.AskAsync(request, cancellationToken);
            var usage = new JudgeUsage(1, prompt.Count, answer.Tokens.Count, 0);
            return new JudgeReply(new JudgeAnswer(answer.Text, answer.End == GenerationEnd.Length ? JudgeStop.Length : JudgeStop.Finished) { FirstToken = First(answer) }, default, usage);
        }
        catch (ModelException fault)
        {
            return new JudgeReply(null, new Reason(JudgeFaults.Unavailable, fault.Message), default);
        }
    }

    /// <summary>Ends the queue; the model stays its owner's.</summary>
    public ValueTask DisposeAsync() => _queue.DisposeAsync();

    private IReadOnlyList<int> Prompt(JudgeQuestion question) => _chat.Encode([.. question.Messages.Select(message => (message.Role, message.Content))], most: _model.MaxTokens);

    private int MostTokens(JudgeQuestion question) => question.WantsFirstToken ? 1 : _options.MaxNewTokens;

    private bool Fits(IReadOnlyList<int> prompt, int toCome) => prompt.Count + (long)toCome <= _model.MaxTokens;

    private IReadOnlyList<TokenLogProbability> First(Generated answer) =>
        answer.Steps.Count == 0 ? [] : [.. answer.Steps[0].Likeliest.Select(t => new TokenLogProbability(_model.Text([t.Token], skipSpecialTokens: false), t.LogProbability))];
}
