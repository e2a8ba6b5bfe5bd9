using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Rewards;
using Fleet.Worker.Runs;

namespace Fleet.Worker.Scoring;

/// <summary>Further rules that score a row beside its domain's own reward: the names in the setting <c>rewards</c> that are rules.</summary>
/// <remarks>
/// Units:   each component's training reward, before its weight.
/// Fails:   a rule that cannot score the row is null there, with its reason; the row's own verdict is not touched.
/// </remarks>
internal sealed class RuleComponents
{
    private readonly IReadOnlyList<(string Name, IReward Reward)> _rules;

    private RuleComponents(IReadOnlyList<(string, IReward)> rules) => _rules = rules;

    /// <summary>No further rules.</summary>
    public static RuleComponents None { get; } = new([]);

    /// <summary>Whether there is nothing to score.</summary>
    public bool IsEmpty => _rules.Count == 0;

    /// <summary>Makes the rules that a domain's configuration lists.</summary>
    /// <param name="config">The configuration; an entry's own keys go before the domain's.</param>
    /// <param name="own">The rule that scores the row anyway: its verdict is there already.</param>
    /// <exception cref="FleetException">The settings of a rule cannot be used.</exception>
    public static RuleComponents Of(RunConfig config, string? own)
    {
        if (config.Value("rewards") is not { ValueKind: JsonValueKind.Array } list) return None;
        var rules = new List<(string, IReward)>();
        foreach (var entry in list.EnumerateArray())
        {
            var name = entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("name", out var given) ? given.ToString() : entry.ToString();
            try
            {
                if (name != own && RewardCatalog.Create(name, Settings(config, entry)) is { } reward) rules.Add((name, reward));
            }
            catch (ArgumentException wrong)
            {
                throw new FleetException($"The component '{name}' of rewards cannot be used: {wrong.Message}", inner: wrong);
            }
        }

        return rules.Count == 0 ? None : new RuleComponents(rules);
    }

    /// <summary>Scores a row by all rules.</summary>
    /// <returns>By name the reward, or null.</returns>
    public JsonObject Score(Rollout rollout)
    {
        var components = new JsonObject();
        foreach (var (name, reward) in _rules) components[name] = reward.Score(rollout, new ScoringContext()).Reward;
        return components;
    }

    private static RewardSettings Settings(RunConfig config, JsonElement entry)
    {
        var values = config.Values.ToDictionary(StringComparer.Ordinal);
        if (entry.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in entry.EnumerateObject()) values[property.Name] = property.Value;
        }

        return new RewardSettings(config.Settings.Parity, values);
    }
}
