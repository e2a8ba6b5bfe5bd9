using System.Text.Json;
using Fleet.Rewards;
using Fleet.Rewards.Judge;
using Fleet.Worker.Judging;

namespace Fleet.Integration.Tests.Judging;

/// <summary>A judge under a clock that a test moves, asking scripted endpoints over real HTTP.</summary>
public abstract class JudgeTestBed
{
    private protected static readonly TimeSpan Retries = TimeSpan.FromSeconds(40);
    private protected static readonly TimeSpan Everything = TimeSpan.FromSeconds(60);

    private protected SignallingTime Time { get; } = new();

    private protected LlmJudge Judge(string settings) => JudgeSetup.FromApi(Settings(settings), Time, new Random(1));

    private protected LlmJudge Judge(ScriptedJudge server, string more = "") => Judge($$"""{"judge_prompt":"{{JudgeTemplates.RlvrName}}","judge_model_name":"m","judge_api_url":"{{server.Url}}"{{more}}}""");

    private protected Task<JudgeOutcome> ScoreAsync(LlmJudge judge, TimeSpan? drive = null, Rollout? row = null) => Time.DriveAsync(judge.ScoreAsync(row ?? Row(), CancellationToken.None), drive ?? Retries);

    private protected static RewardSettings Settings(string json) => new(Parity.Fixed, JsonDocument.Parse(json).RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value));

    private protected static Rollout Row(string response = "42", string id = "1") => new()
    {
        Prompt = "6 * 7?",
        Response = response,
        GroundTruth = "42",
        Columns = new Dictionary<string, JsonElement> { ["id"] = JsonSerializer.SerializeToElement(id) },
    };
}
