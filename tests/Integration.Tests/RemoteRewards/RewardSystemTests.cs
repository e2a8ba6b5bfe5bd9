using System.Text.Json;
using Fleet.Contracts;
using Fleet.Integration.Tests.Judging;
using Fleet.Rewards;
using Fleet.Worker.RemoteRewards;
using Fleet.Worker.Runs;
using Fleet.Worker.Scoring;
using Fleet.Worker.Tokens;
using Fleet.Worker.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Integration.Tests.RemoteRewards;

/// <summary>The worker against a real HTTP server, on a clock of the test's.</summary>
public sealed class RewardSystemTests
{
    private const string Taken = """{"errcode": 0, "reward_request_id": "r1"}""";
    private const string Running = """{"errcode": 1}""";

    /// <summary>Polls and back-offs are passed over; the limit of one exchange, which is longer, is not.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(16);

    private readonly SignallingTime _time = new();

    [Fact]
    public async Task A_task_is_handed_in_on_the_systems_wire_and_asked_for_until_it_is_done()
    {
        await using var system = await ScriptedRewardSystem.StartAsync(
            _ => (200, Taken), question => (200, question < 2 ? Running : """{"errcode": 0, "reward_score": 0.75, "dimention_reward_score": {"math": {"debug_info": {}}}}"""));

        var score = await ScoreAsync(system, """{"ground_truth": "42", "global_step": 7}""");

        Assert.Equal((0.75, 0.75), (score.Score, score.Reward));
        Assert.Equal("""{"dimensions":{"math":{"debug_info":{}}}}""", score.Detail!.ToJsonString());
        var (task, authorization, businessType) = Assert.Single(system.Tasks);
        Assert.Equal(("Bearer secret", "pre"), (authorization, businessType));
        Assert.Equal(
            """{"priority":1,"project_id":"p","experiment_id":"","global_step":7,"data_id":"row-1","rollout_id":"row-1","prompt":"6 * 7?","response":"42","reward_info":{"ground_truth":"42"},"reward_manager":[{"plugin_name":"math"}],"timeout":300}""",
            task.ToJsonString());
        Assert.Equal(3, system.Questions.Count);
        Assert.All(system.Questions, question => Assert.Equal("""{"reward_request_id":"r1"}""", question.ToJsonString()));
    }

    [Theory]
    [InlineData("""{"test_cases": "[]", "case_type": "io", "ground_truth": "x"}""", """{"case_type":"io","test_cases":"[]"}""")]
    [InlineData("""{"reward_ref_info": {"a": 1}, "ground_truth": "x"}""", """{"a":1}""")]
    public async Task The_reference_is_what_the_row_has(string columns, string info)
    {
        await using var system = await ScriptedRewardSystem.StartAsync(_ => (200, Taken), _ => (200, """{"errcode": 0, "reward_score": 1}"""));
        await ScoreAsync(system, columns);
        Assert.Equal(info, Assert.Single(system.Tasks).Body["reward_info"]!.ToJsonString());
    }

    [Fact]
    public async Task A_row_without_a_reference_is_invalid_and_nothing_is_sent()
    {
        await using var system = await ScriptedRewardSystem.StartAsync(_ => (200, Taken), _ => (200, Running));
        Assert.Equal("no_reference", (await ScoreAsync(system, "{}")).Reason.Code);
        Assert.Empty(system.Tasks);
    }

    [Fact]
    public async Task Refusals_and_outages_on_the_way_are_survived()
    {
        await using var system = await ScriptedRewardSystem.StartAsync(
            task => task switch { 0 => (200, """{"errcode": 9, "errmsg": "busy"}"""), 1 => (503, "down"), _ => (200, Taken) },
            question => question switch { 0 => (500, "oops"), 1 => (200, "not json"), 2 => (200, """{"errcode": 5}"""), _ => (200, """{"errcode": 0, "reward_score": -1.5}""") });
        Assert.Equal(-1.5, (await ScoreAsync(system, """{"ground_truth": "42"}""")).Score);
    }

    [Theory]
    [InlineData("""{"errcode": 0, "reward_score": null}""", "remote_failed", "no reward_score that is a number")]
    [InlineData("""{"errcode": 0}""", "remote_failed", "no reward_score that is a number")]
    [InlineData(Running, "remote_timeout", "still running")]
    public async Task A_score_that_never_comes_is_a_failure_and_never_a_zero(string result, string code, string last)
    {
        await using var system = await ScriptedRewardSystem.StartAsync(_ => (200, Taken), _ => (200, result));
        var failure = await Assert.ThrowsAsync<RowFailure>(() => ScoreAsync(system, """{"ground_truth": "42"}"""));
        Assert.Equal(code, failure.Code);
        Assert.Contains(last, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_is_never_told()
    {
        await using var system = await ScriptedRewardSystem.StartAsync(_ => (401, "no entry for 'secret'"), _ => (200, Running));
        var failure = await Assert.ThrowsAsync<RowFailure>(() => ScoreAsync(system, """{"ground_truth": "42"}"""));
        Assert.Contains("http 401", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "set reward_system_config")]
    [InlineData("""{"reward_system_config": {"submit_url": "nowhere"}}""", "submit_url is 'nowhere'")]
    [InlineData("""{"reward_system_config": {"submit_url": "http://a/", "get_result_url": "http://a/", "reward_system_type": "x"}}""", "online or pre")]
    [InlineData("""{"reward_system_config": {"submit_url": "http://a/", "get_result_url": "http://a/", "poll_s": 0}}""", "poll_s is 0")]
    public void A_configuration_that_cannot_work_is_one_sentence(string config, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<FleetException>(() => RewardSystemOptions.Of(RunConfig.Parse(config))).Message, StringComparison.Ordinal);

    private async Task<RewardScore> ScoreAsync(ScriptedRewardSystem system, string columns)
    {
        await using var services = new ServiceCollection().AddSingleton<TimeProvider>(_time).BuildServiceProvider();
        await using var worker = new RemoteRewardSystemWorker();
        var config = $$"""
            {"reward_system_config": {"submit_url": "{{system.SubmitUrl}}", "get_result_url": "{{system.ResultUrl}}", "xrl_authorization": "secret", "reward_system_type": "pre", "project_id": "p"},
             "reward_manager_config": [{"plugin_name": "math"}]}
            """;
        await worker.InitializeAsync(
            new WorkerSetup { Config = RunConfig.Parse(config), Environment = WorkerEnvironment.None, Tokenizers = new TokenizerShelf(), Log = NullLogger.Instance, Services = services },
            CancellationToken.None);
        var row = JsonDocument.Parse(columns).RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value);
        row["id"] = JsonSerializer.SerializeToElement("row-1");
        var rollout = new Rollout { Prompt = "6 * 7?<|endoftext|>", Response = "42", GroundTruth = row.GetValueOrDefault("ground_truth") is { ValueKind: JsonValueKind.String } gold ? gold.GetString() : null, Columns = row };
        return await _time.DriveAsync(worker.ScoreAsync(rollout, CancellationToken.None).AsTask(), LongestDelay);
    }
}
