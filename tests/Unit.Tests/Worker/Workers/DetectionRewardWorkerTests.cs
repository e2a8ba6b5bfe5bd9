using Fleet.Rewards;
using Fleet.Worker.Runs;
using Fleet.Worker.Tokens;
using Fleet.Worker.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Unit.Tests.Worker.Workers;

public sealed class DetectionRewardWorkerTests : IDisposable
{
    private const string Variable = "DET_IOU_THRESHOLD";

    /// <summary>The boxes overlap by two thirds.</summary>
    private static readonly Rollout Row = new()
    {
        Response = "x\n<answer>\n[{\"bbox_2d\": [0, 0, 100, 80], \"label\": \"cat\"}]\n</answer>",
        GroundTruth = "<answer>[{\"bbox_2d\": [0, 0, 100, 120], \"label\": \"cat\"}]</answer>",
        Columns = new Dictionary<string, System.Text.Json.JsonElement> { ["det_reward_ratio"] = System.Text.Json.JsonDocument.Parse("""{"iou_max_label_first": 1}""").RootElement },
    };

    public void Dispose() => Environment.SetEnvironmentVariable(Variable, null);

    [Fact]
    public async Task The_threshold_is_the_configurations_else_the_environments()
    {
        var average = await ScoreAsync("{}");
        Environment.SetEnvironmentVariable(Variable, "0.5");
        var low = await ScoreAsync("{}");
        var high = await ScoreAsync("""{"det_iou_threshold": 0.95}""");

        Assert.True(high < average && average < low, $"{high} {average} {low}");
    }

    private static async Task<double> ScoreAsync(string config)
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var worker = new DetectionRewardWorker();
        await worker.InitializeAsync(
            new WorkerSetup { Config = RunConfig.Parse(config), Environment = WorkerEnvironment.None, Tokenizers = new TokenizerShelf(), Log = NullLogger.Instance, Services = services },
            CancellationToken.None);
        return (await worker.ScoreAsync(Row, CancellationToken.None)).Score!.Value;
    }
}
