using System.Text.Json.Nodes;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions;

/// <summary>Whether a response follows its instructions: the rule of ROLL's IFEval worker and of the official IFEval checker.</summary>
/// <remarks>
/// Range: score 1 when every instruction holds, else 0; reward = what the score says plus the repetition penalty, [-0.5, 1] by default.
/// Fails: a ground truth that names no known instruction or lacks a parameter makes the row invalid; too long a text scores 0, <c>over_budget</c>.
/// Source: alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/rewards/ifeval_rule_reward_worker.py; google-research instruction_following_eval.
/// Differs: one bad ground truth is one row without a verdict, not a failed or shifted batch.
/// </remarks>
public sealed class InstructionsReward(RewardSettings settings) : IReward
{
    /// <inheritdoc/>
    public RewardScore Score(Rollout rollout, ScoringContext context)
    {
        var instructions = InstructionList.Read(rollout.GroundTruth, settings.Parity, out var fault);
        if (fault is { } unreadable) return RewardScore.Invalid(unreadable);

        // ROLL counts an unusable parameter as an instruction that does not hold; here it is the row that is wrong.
        if (settings.Parity == Parity.Fixed && instructions.Find(instruction => instruction.Fault is not null) is { Fault: { } parameter } wrong)
            return RewardScore.Invalid(parameter with { Sentence = $"{wrong.Id}: {parameter.Sentence}" });

        try
        {
            return Judge(rollout, instructions, context);
        }
        catch (WorkBudgetSpentException)
        {
            return RewardScore.Scored(0, new Reason("over_budget", "The response is too long to judge."));
        }
    }

    private RewardScore Judge(Rollout rollout, List<Instruction> instructions, ScoringContext context)
    {
        var raw = AnswerPart.WithoutSpecialTokens(rollout.Response);
        var judge = new InstructionJudge(rollout.Response, AnswerPart.AfterThinking(raw), settings.Parity, context);
        var loose = settings.Text(rollout, "verdict") == "loose";

        var verdicts = new JsonArray();
        var holding = 0;
        string? firstFailed = null;
        foreach (var instruction in instructions)
        {
            var verdict = judge.Verdict(instruction);
            verdicts.Add(new JsonObject { ["id"] = instruction.Id, ["strict"] = verdict.Strict, ["loose"] = verdict.Loose });
            if (loose ? verdict.Loose : verdict.Strict) holding++;
            else firstFailed ??= instruction.Id;
        }

        var score = holding == instructions.Count ? 1.0 : 0.0;
        var correctness = settings.Text(rollout, "instruction_reward") == "fraction" ? (double)holding / instructions.Count : score;
        var repetition = Repetition(rollout, raw);
        var detail = new JsonObject
        {
            ["instructions"] = verdicts,
            ["components"] = new JsonObject { ["instructions"] = correctness, ["repetition"] = repetition },
        };
        return RewardScore.Scored(score, correctness + repetition, Why(firstFailed, instructions.Count - holding, judge.IsBlank), detail);
    }

    private double Repetition(Rollout rollout, string raw)
    {
        if (settings.Parity == Parity.Roll) return RepetitionPenalty.Of(raw);
        var most = Min(0, settings.Number(rollout, "repetition_max_penalty") ?? -0.5);
        var size = Clamp(settings.Number(rollout, "repetition_ngram") ?? 3, 1, 32);
        return most == 0 ? 0 : RepetitionPenalty.Of(raw, (int)size, most);
    }

    private static Reason Why(string? firstFailed, int failed, bool blank)
    {
        if (firstFailed is null) return new Reason("followed");
        if (blank) return new Reason("blank_response", "A blank response follows no instruction.");
        return new Reason("not_followed", failed == 1 ? $"{firstFailed} does not hold." : $"{firstFailed} and {failed - 1} more do not hold.");
    }
}
