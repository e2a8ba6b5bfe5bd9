namespace Fleet.Rewards;

/// <summary>The pure rewards by name: the one place where a new rule is registered.</summary>
public static class RewardCatalog
{
    private static readonly Dictionary<string, Func<RewardSettings, IReward>> Rewards = new(StringComparer.Ordinal)
    {
        ["math_rule"] = settings => new Math.MathReward(settings),
    };

    /// <summary>The names of all pure rewards, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Rewards.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Creates the reward of this name, or returns null when there is none.</summary>
    public static IReward? Create(string name, RewardSettings settings) =>
        Rewards.TryGetValue(name, out var create) ? create(settings) : null;
}
