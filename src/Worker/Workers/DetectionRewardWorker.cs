using System.Text.Json;
using Fleet.Contracts.Names;
using Fleet.Rewards;
using Fleet.Worker.Runs;

namespace Fleet.Worker.Workers;

/// <summary>Serves the domain <c>cv_detection</c>, whose threshold the reference takes from the worker's environment.</summary>
internal sealed class DetectionRewardWorker() : RuleRewardWorker(Domains.CvDetection)
{
    private const string Setting = "det_iou_threshold";
    private const string Variable = "DET_IOU_THRESHOLD";

    /// <summary>The configuration goes before the environment.</summary>
    protected override RewardSettings Settings(RunConfig config)
    {
        if (config.Value(Setting) is not null || System.Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } threshold) return config.Settings;
        return new RewardSettings(config.Settings.Parity, new Dictionary<string, JsonElement>(config.Values) { [Setting] = JsonSerializer.SerializeToElement(threshold) });
    }
}
