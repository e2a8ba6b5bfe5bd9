namespace Fleet.Rewards.Choice;

/// <summary>Scores a multiple-choice answer, boxed or not: the rule of the validation sets ceval, race_high, mmlu_pro, commonsense_qa.</summary>
/// <remarks>
/// Range:   score in {0, 1}; the reward equals the score.
/// Fails:   a stated option without a gold option makes the row invalid, <c>no_ground_truth</c>.
/// Source:  alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/rewards/general_val_rule_reward_worker.py.
/// Differs: the option must be stated, the reference takes the first capital; its reward is always 0, which
///          <see cref="Parity.Roll"/> repeats. The rule is the same for every tag; the reference raises on an unknown tag
///          or repeats the verdict of the row before, so under <see cref="Parity.Roll"/> such a row is invalid.
/// </remarks>
internal sealed class SingleChoiceReward(RewardSettings settings) : IReward
{
    private static readonly string[] KnownTags = ["ceval", "race_high", "mmlu_pro", "commonsense_qa"];

    private static readonly Reason UnknownTag = new("unknown_tag", "The reference knows only the tags ceval, race_high, mmlu_pro and commonsense_qa.");

    private readonly Parity _parity = settings.Parity;

    public RewardScore Score(Rollout rollout, ScoringContext context)
    {
        if (_parity == Parity.Roll && rollout.Tag is { } tag && !KnownTags.Contains(tag)) return RewardScore.Invalid(UnknownTag);

        var verdict = ChoiceVerdict.Of(rollout, _parity);
        ChoiceExplanation.Explain(context, rollout, _parity, verdict);
        if (verdict.LacksGold) return RewardScore.Invalid(ChoiceExplanation.NoGold);

        var score = verdict.Correct ? 1.0 : 0.0;
        var reward = _parity == Parity.Roll ? 0 : score;
        return RewardScore.Scored(score, reward, ChoiceExplanation.Of(verdict, needsBox: false), () => ChoiceExplanation.Detail(rollout, _parity, verdict));
    }
}
