using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Messaging.Budgets;
using Fleet.Rewards;
using Fleet.Worker.Judging;
using Fleet.Worker.Observability;
using Fleet.Worker.Runs;
using Fleet.Worker.Scoring;
using Fleet.Worker.Strategies;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Worker.Workers;

/// <summary>Has responses judged by a language model behind an OpenAI-compatible address, many at once.</summary>
internal sealed class LLMJudgeRewardWorker : RewardWorker
{
    private LlmJudge _judge = null!;

    protected internal override bool SkipSpecialTokens => true;

    /// <summary>A second opinion is another opinion: a part that comes again is answered from the store.</summary>
    public override bool IsRepeatable => false;

    protected internal override int RowsAtOnce => 256;

    /// <summary>Rows that come one by one are asked for together, too; <c>judge_concurrency</c> bounds all of them.</summary>
    protected internal override int PartsAtOnce(WorkerOptions options) => LlmJudgeOptions.DefaultConcurrency;

    /// <summary>The judge holds <c>judge_timeout_s</c> for a row itself, from the moment it asks.</summary>
    protected internal override bool HasRowDeadline => false;

    /// <summary>The model of a judge that is one is not the model that wrote the rows.</summary>
    protected internal override string? RowTokenizer => Strategy is null ? base.RowTokenizer : Config.TokenizerPath;

    public override async Task InitializeAsync(WorkerSetup setup, CancellationToken cancellation)
    {
        await base.InitializeAsync(setup, cancellation);
        var time = setup.Services.GetRequiredService<TimeProvider>();
        if (setup.Config.Value("judge_api_url") is not null || setup.Config.Value("judges") is not null)
        {
            _judge = JudgeSetup.FromApi(setup.Config.Settings, time, new Random(), setup.Services.GetService<FleetBudgets>(), setup.Services.GetService<LocalRateBudgets>());
        }
        else if (Strategy is IJudgingStrategy local)
        {
            _judge = JudgeSetup.Create(setup.Config.Settings, [local.CreateJudge(setup.Config.Settings)], time);
        }
        else
        {
            throw new FleetException(
                "No judge is configured: set judge_api_url and judge_model_name of the domain to an OpenAI-compatible server (vLLM, SGLang, 'fleet model', or a service), or strategy_args in a build with local models.");
        }
    }

    public override Task<DataProto> ComputeRewardsAsync(DataProto data, CancellationToken cancellation) => base.ComputeRewardsAsync(JudgedRow.WithPlaces(data), cancellation);

    /// <summary>What the run's rows took on this worker so far.</summary>
    public override Task<DataProto> GetMetricsAsync(CancellationToken cancellation)
    {
        var total = _judge.Total;
        return Task.FromResult(DataProto.Empty.WithMeta(MetaInfo.Empty.With(BatchKeys.Metrics, new Dictionary<string, double>
        {
            ["judge/requests@sum"] = total.Requests,
            ["judge/prompt_tokens@sum"] = total.PromptTokens,
            ["judge/completion_tokens@sum"] = total.CompletionTokens,
            ["judge/cost@sum"] = total.Cost,
        })));
    }

    public override async ValueTask DisposeAsync()
    {
        if (_judge is not null) await _judge.DisposeAsync();
        await base.DisposeAsync();
    }

    protected internal override async ValueTask<RewardScore> ScoreAsync(Rollout rollout, CancellationToken cancellation)
    {
        var outcome = await _judge.ScoreAsync(rollout, cancellation);
        WorkerMetrics.Judged(outcome.Usage);
        return outcome.Score ?? throw new RowFailure(outcome.Failure.Code, outcome.Failure.Sentence, outcome.Detail);
    }
}
