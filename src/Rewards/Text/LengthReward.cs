using System.Text.Json.Nodes;

namespace Fleet.Rewards.Text;

/// <summary>Scores the length of a response: a penalty for short ones that falls in a straight line.</summary>
/// <remarks>
/// Units:   valid response tokens.
/// Range:   [<c>max_penalty</c>, 0]; settings <c>min_tokens</c> (default 100), <c>max_tokens</c> (default 400), <c>max_penalty</c> (default -0.5).
/// Fails:   a row without a token count is invalid, <c>no_token_count</c>; settings out of order are errors of the configuration.
/// Source:  alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/rewards/crossthinkqa_rule_reward_worker.py, the length reward.
/// </remarks>
internal sealed class LengthReward : IReward
{
    private const double DefaultMin = 100;
    private const double DefaultMax = 400;
    private const double DefaultPenalty = -0.5;

    private static readonly Reason Measured = new("length", "The number of valid response tokens.");
    private static readonly Reason NoTokens = new("no_token_count", "The row has neither response ids nor response_tokens.");

    private readonly double _min;
    private readonly double _max;
    private readonly double _penalty;

    /// <summary>Creates the reward.</summary>
    /// <exception cref="ArgumentException">The settings are out of order.</exception>
    public LengthReward(RewardSettings settings)
    {
        _min = settings.Number("min_tokens") ?? DefaultMin;
        _max = settings.Number("max_tokens") ?? DefaultMax;
        _penalty = settings.Number("max_penalty") ?? DefaultPenalty;
        if (!(_min < _max)) throw new ArgumentException("min_tokens must be less than max_tokens.", nameof(settings));
        if (!(_penalty <= 0)) throw new ArgumentException("max_penalty must not be positive.", nameof(settings));
    }

    public RewardScore Score(Rollout rollout, ScoringContext context)
    {
        if (rollout.ResponseTokens is not { } tokens) return RewardScore.Invalid(NoTokens);
        var penalty = _penalty * Clamp((_max - tokens) / (_max - _min), 0, 1);
        return RewardScore.Scored(penalty, Measured, new JsonObject { ["length"] = penalty, ["tokens"] = tokens });
    }
}
