using Fleet.Rewards.Choice;
using Fleet.Rewards.Detection;
using Fleet.Rewards.Text;
using Fleet.Rewards.Video;

namespace Fleet.Rewards;

/// <summary>The pure rewards by name: the one place where a new rule is registered.</summary>
public static class RewardCatalog
{
    private static readonly Dictionary<string, Func<RewardSettings, IReward>> Rewards = new(StringComparer.Ordinal)
    {
        ["crossthinkqa"] = settings => new CrossThinkQaReward(settings),
        ["cv_detection"] = settings => new DetectionReward(settings),
        ["format"] = settings => new FormatReward(settings),
        ["general_val_rule"] = settings => new SingleChoiceReward(settings),
        ["length"] = settings => new LengthReward(settings),
        ["multiple_choice_boxed"] = settings => new BoxedChoiceReward(settings),
        ["ifeval"] = settings => new Instructions.InstructionsReward(settings),
        ["repetition"] = settings => new RepetitionReward(settings),
        ["tag_count"] = settings => new TagCountReward(settings),
        ["video_r1"] = settings => new VideoReward(settings),
        ["math_rule"] = settings => new Math.MathReward(settings),
    };

    /// <summary>The names of all pure rewards, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Rewards.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Creates the reward of this name, or returns null when there is none.</summary>
    public static IReward? Create(string name, RewardSettings settings) =>
        Rewards.TryGetValue(name, out var create) ? create(settings) : null;
}
