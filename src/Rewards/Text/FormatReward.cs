using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Fleet.Rewards.Text;

/// <summary>Scores whether a response has the form that a pattern asks for.</summary>
/// <remarks>
/// Range:   {0, 1}.
/// Fails:   an empty or unreadable pattern is an error of the configuration; look-around and back-references cannot be had in linear time
///          and are refused.
/// Source:  none; the pattern is the setting <c>pattern</c>, default thinking and then an answer, each in its tags, and nothing else.
/// </remarks>
internal sealed class FormatReward : IReward
{
    private const string DefaultPattern = @"\A\s*<think>.*?</think>\s*<answer>.*?</answer>\s*\z";

    private static readonly Reason Matches = new("format", "The response has the form asked for.");
    private static readonly Reason Differs = new("no_format", "The response does not have the form asked for.");

    private readonly Regex _pattern;

    /// <summary>Creates the reward.</summary>
    /// <exception cref="ArgumentException">The pattern of the settings cannot be used.</exception>
    public FormatReward(RewardSettings settings)
    {
        var pattern = settings.Text("pattern") ?? DefaultPattern;
        try
        {
            _pattern = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException wrong)
        {
            throw new ArgumentException($"The format pattern '{pattern}' cannot be matched in linear time: {wrong.Message}", nameof(settings), wrong);
        }
    }

    public RewardScore Score(Rollout rollout, ScoringContext context)
    {
        var matches = _pattern.IsMatch(rollout.Response);
        context.Explain("pattern", $"{_pattern} {(matches ? "matches" : "does not match")}");
        return RewardScore.Scored(matches ? 1 : 0, matches ? Matches : Differs, new JsonObject { ["format"] = matches });
    }
}
