using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Rewards;
using Fleet.Worker.RemoteRewards;
using Fleet.Worker.Runs;
using Fleet.Worker.Scoring;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Worker.Workers;

/// <summary>Serves the domain <c>remote_reward</c>: another service scores the row, by submit and poll.</summary>
internal sealed class RemoteRewardSystemWorker : RewardWorker
{
    // What a chat template leaves at the end of a decoded prompt.
    private static readonly string[] PromptLeftovers = ["<|endoftext|>", "<pad>", "assistant\n<think>"];

    private RewardSystemOptions _options = null!;
    private RewardSystemClient _client = null!;

    /// <summary>Another service may draw, learn or change its mind.</summary>
    public override bool IsRepeatable => false;

    protected internal override bool HasModel => false;

    protected internal override bool SkipSpecialTokens => true;

    protected internal override int RowsAtOnce => _options.Concurrency;

    protected internal override int PartsAtOnce(WorkerOptions options) => RewardSystemOptions.DefaultConcurrency;

    /// <summary>The client holds the row's deadline itself.</summary>
    protected internal override bool HasRowDeadline => false;

    public override async Task InitializeAsync(WorkerSetup setup, CancellationToken cancellation)
    {
        await base.InitializeAsync(setup, cancellation);
        _options = RewardSystemOptions.Of(setup.Config);
        _client = new RewardSystemClient(_options, setup.Services.GetService<TimeProvider>() ?? TimeProvider.System, new Random());
    }

    public override async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        await base.DisposeAsync();
    }

    protected internal override async ValueTask<RewardScore> ScoreAsync(Rollout rollout, CancellationToken cancellation)
    {
        if (Reference(rollout) is not { } reference)
        {
            return RewardScore.Invalid(new Reason("no_reference", "The row has none of reward_ref_info, test_cases with case_type, and ground_truth; the reward system needs one."));
        }

        var id = rollout.Text("id") ?? "";
        var prompt = rollout.Prompt;
        foreach (var leftover in PromptLeftovers) prompt = prompt.Replace(leftover, "", StringComparison.Ordinal);
        var scored = await _client.ScoreAsync(
            new JsonObject
            {
                ["priority"] = _options.Priority,
                ["project_id"] = _options.ProjectId,
                ["experiment_id"] = _options.ExperimentId,
                ["global_step"] = (int)(rollout.Number("global_step") ?? 0),
                ["data_id"] = id,
                ["rollout_id"] = rollout.Text("rollout_id") ?? id,
                ["prompt"] = prompt,
                ["response"] = rollout.Response,
                ["reward_info"] = reference,
                ["reward_manager"] = JsonNode.Parse(_options.Managers.GetRawText()),
            },
            cancellation);
        return RewardScore.Scored(scored.Score, new Reason("scored_remotely"), scored.Dimensions is null ? null : new JsonObject { ["dimensions"] = scored.Dimensions });
    }

    private JsonNode? Reference(Rollout rollout)
    {
        if (rollout.Column("reward_ref_info") is { } info) return JsonNode.Parse(info.GetRawText());
        if (rollout.Column("test_cases") is { } tests && rollout.Column("case_type") is { } type)
        {
            return new JsonObject { ["case_type"] = JsonNode.Parse(type.GetRawText()), ["test_cases"] = JsonNode.Parse(tests.GetRawText()) };
        }

        return rollout.GroundTruth is { } gold && !_options.Managers.EnumerateArray().Any(RunsCode) ? new JsonObject { ["ground_truth"] = gold } : null;
    }

    private static bool RunsCode(JsonElement manager) =>
        manager.ValueKind == JsonValueKind.Object && manager.TryGetProperty("plugin_name", out var name) && name.ToString().Contains("code", StringComparison.Ordinal);
}
