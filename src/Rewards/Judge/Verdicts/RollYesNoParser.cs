namespace Fleet.Rewards.Judge.Verdicts;

/// <summary>Reads an answer as the reference does: "yes" anywhere is 1, anything else is 0.</summary>
/// <remarks>
/// Range: value in {0, 1}.
/// Source: alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/rewards/llm_judge_reward_worker.py, the second parser.
/// Differs: an empty answer, which ends the reference's run, holds no verdict here.
/// </remarks>
public sealed class RollYesNoParser : IVerdictParser
{
    /// <inheritdoc/>
    public string Form => "YES or NO";

    /// <inheritdoc/>
    public VerdictReading Read(string text, JudgeAnswer answer)
    {
        var whole = answer.Text;
        if (whole.Contains("yes", StringComparison.OrdinalIgnoreCase)) return VerdictReading.Of(new Verdict(1, "YES"));
        return VerdictReading.Of(new Verdict(0, whole.Contains("no", StringComparison.OrdinalIgnoreCase) ? "NO" : "neither"));
    }
}
