namespace Fleet.Rewards.Choice;

/// <summary>Scores a multiple-choice answer that must stand in a box.</summary>
/// <remarks>
/// Range:   score in {0, 1}; the reward equals the score.
/// Fails:   a boxed answer without a gold option makes the row invalid, <c>no_ground_truth</c>.
/// Source:  alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/rewards/multiple_choice_boxed_rule_reward_worker.py.
/// Differs: the boxed text must name the option as a letter of its own, in either case; the reference takes its first
///          capital and always trains with reward 0, which <see cref="Parity.Roll"/> repeats.
/// </remarks>
internal sealed class BoxedChoiceReward(RewardSettings settings) : IReward
{
    private readonly Parity _parity = settings.Parity;

    public RewardScore Score(Rollout rollout, ScoringContext context)
    {
        var verdict = ChoiceVerdict.Of(rollout, _parity, boxOnly: true);
        ChoiceExplanation.Explain(context, rollout, _parity, verdict);
        if (verdict.LacksGold) return RewardScore.Invalid(ChoiceExplanation.NoGold);

        var score = verdict.Boxed && verdict.Correct ? 1.0 : 0.0;
        var reward = _parity == Parity.Roll ? 0 : score;
        return RewardScore.Scored(score, reward, ChoiceExplanation.Of(verdict, needsBox: true), () => ChoiceExplanation.Detail(rollout, _parity, verdict));
    }
}
