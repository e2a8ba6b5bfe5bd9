using System.Text.Json.Nodes;

namespace Fleet.Rewards.Text;

/// <summary>Scores repetition of words: 0 for none, down to a penalty for a text that is nothing else.</summary>
/// <remarks>
/// Range:   [<c>max_penalty</c>, 0]; settings <c>ngram_size</c> (default 3) and <c>max_penalty</c> (default -0.5).
/// Fails:   an n-gram of no words or a positive penalty is an error of the configuration.
/// Source:  alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/rewards, the copy in each rule worker.
/// </remarks>
internal sealed class RepetitionReward : IReward
{
    private const int DefaultSize = 3;
    private const double DefaultPenalty = -0.5;

    private static readonly Reason Measured = new("repetition", "The share of repeated word n-grams.");

    private readonly int _size;
    private readonly double _penalty;

    /// <summary>Creates the reward.</summary>
    /// <exception cref="ArgumentException">A setting is outside its range.</exception>
    public RepetitionReward(RewardSettings settings)
    {
        _size = (int)Clamp(settings.Number("ngram_size") ?? DefaultSize, 0, 1000);
        _penalty = settings.Number("max_penalty") ?? DefaultPenalty;
        if (_size < 1) throw new ArgumentException($"ngram_size must be at least 1, not {_size}.", nameof(settings));
        if (!(_penalty <= 0)) throw new ArgumentException("max_penalty must not be positive.", nameof(settings));
    }

    public RewardScore Score(Rollout rollout, ScoringContext context)
    {
        var penalty = RepetitionPenalty.Of(AnswerPart.WithoutSpecialTokens(rollout.Response), _size, _penalty);
        return RewardScore.Scored(penalty, Measured, new JsonObject { ["repetition"] = penalty });
    }
}
