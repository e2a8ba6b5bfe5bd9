using System.Text.Json.Nodes;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Choice;

/// <summary>Scores a CrossThink-QA answer: the right letter, the box, the length and the repetition each have their part in the reward.</summary>
/// <remarks>
/// Range:   score in {0, 1}; reward in [-2, 1] with the default coefficient 0, where the reference's coefficient times
///          [-0.5, 0] is added.
/// Fails:   a stated option without a gold option makes the row invalid, <c>no_ground_truth</c>; an unknown reward type too,
///          <c>unknown_reward_type</c>.
/// Source:  alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/rewards/crossthinkqa_rule_reward_worker.py.
/// Differs: the option must be stated; the length term counts valid tokens where the reference counts padding, and is left out
///          when the row has no token count.
/// </remarks>
internal sealed class CrossThinkQaReward(RewardSettings settings) : IReward
{
    private const string TypeKey = "reward_type";
    private const string CoefficientKey = "response_length_penalty_coef";
    private const int ShortTokens = 100;
    private const int LongTokens = 400;

    private readonly Parity _parity = settings.Parity;
    private readonly double _coefficient = settings.Number(CoefficientKey) ?? 0;

    public RewardScore Score(Rollout rollout, ScoringContext context)
    {
        var type = settings.Text(rollout, TypeKey) ?? "soft";
        if (type is not ("loose" or "soft" or "strict"))
            return RewardScore.Invalid(new("unknown_reward_type", $"The reward type must be loose, soft or strict, not '{(type.Length > 80 ? type[..80] : type)}'."));

        var verdict = ChoiceVerdict.Of(rollout, _parity);
        ChoiceExplanation.Explain(context, rollout, _parity, verdict);
        if (verdict.LacksGold) return RewardScore.Invalid(ChoiceExplanation.NoGold);

        var answer = AnswerReward(type, verdict);
        var repetition = RepetitionPenalty.Of(AnswerPart.WithoutSpecialTokens(rollout.Response));
        var coefficient = rollout.Number(CoefficientKey) ?? _coefficient;
        double? length = rollout.ResponseTokens is { } tokens ? LengthReward(tokens) : null;
        var reward = answer + repetition + (coefficient == 0 ? 0 : coefficient * length ?? 0);
        context.Explain("reward", $"{type}: answer {answer}, repetition {repetition:0.####}, length {length?.ToString("0.####", null) ?? "left out, no token count"} times {coefficient}");

        return RewardScore.Scored(answer > 0 ? 1 : 0, reward, ChoiceExplanation.Of(verdict, needsBox: type == "strict"), () =>
        {
            var detail = ChoiceExplanation.Detail(rollout, _parity, verdict);
            detail["reward_type"] = type;
            detail["components"] = new JsonObject { ["answer"] = answer, ["repetition"] = repetition, ["length"] = length, ["length_coefficient"] = coefficient };
            if (length is null && coefficient != 0) detail["left_out"] = new JsonArray("length: the row has neither response ids nor response_tokens");
            return detail;
        });
    }

    private static double AnswerReward(string type, ChoiceVerdict verdict) => (type, verdict.Correct, verdict.Boxed) switch
    {
        ("strict", true, true) or ("soft", true, true) or ("loose", true, _) => 1,
        ("soft", true, false) => 0.5,
        ("soft", false, true) => -0.5,
        _ => -1,
    };

    // Short answers cost up to half a point, answers of 400 tokens and more cost nothing.
    private static double LengthReward(int tokens) => tokens switch
    {
        < ShortTokens => -0.5,
        > LongTokens => 0,
        _ => -0.5 * (LongTokens - tokens) / (LongTokens - ShortTokens),
    };
}
