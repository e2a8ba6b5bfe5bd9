using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.Rewards.Text;

/// <summary>Scores how many of some tags a response has exactly once.</summary>
/// <remarks>
/// Range:   [0, 1], the share of the tags; setting <c>tags</c>, default the opening and closing tags of think and answer.
/// Fails:   tags that are no list of texts are an error of the configuration.
/// Source:  none.
/// </remarks>
internal sealed class TagCountReward : IReward
{
    private static readonly string[] DefaultTags = ["<think>", "</think>", "<answer>", "</answer>"];

    private static readonly Reason Counted = new("tag_count", "The share of tags that occur exactly once.");

    private readonly string[] _tags;

    /// <summary>Creates the reward.</summary>
    /// <exception cref="ArgumentException">The tags are no list of texts.</exception>
    public TagCountReward(RewardSettings settings)
    {
        _tags = settings.Value("tags") is not { } tags ? DefaultTags
            : tags.ValueKind == JsonValueKind.Array ? [.. tags.EnumerateArray().Select(tag => tag.ValueKind == JsonValueKind.String ? tag.GetString()! : "")]
            : [];
        if (_tags.Length == 0 || _tags.Contains("")) throw new ArgumentException("tags must be a list of texts that are not empty.", nameof(settings));
    }

    public RewardScore Score(Rollout rollout, ScoringContext context)
    {
        var counts = Array.ConvertAll(_tags, tag => rollout.Response.AsSpan().Count(tag));
        var score = (double)counts.Count(count => count == 1) / _tags.Length;
        return RewardScore.Scored(score, score, Counted, () =>
        {
            var detail = new JsonObject();
            for (var i = 0; i < _tags.Length; i++) detail[_tags[i]] = counts[i];
            return new JsonObject { ["tags"] = detail };
        });
    }
}
