using System.Text.Json.Nodes;
using Fleet.Rewards;

namespace Fleet.Worker.Judging;

/// <summary>What judging a row came to: a score, or a failure of the surroundings with its cause. Never a score in place of a failure.</summary>
public sealed record JudgeOutcome
{
    private JudgeOutcome(RewardScore? score, Reason failure, JsonObject detail, JudgeUsage usage)
    {
        Score = score;
        Failure = failure;
        Detail = detail;
        Usage = usage;
    }

    /// <summary>The score, or that the row's data cannot be judged; null when the surroundings failed.</summary>
    public RewardScore? Score { get; }

    /// <summary>Why there is no score; the default value when there is one.</summary>
    public Reason Failure { get; }

    /// <summary>The verdicts one by one, what could not be read, and what it took.</summary>
    public JsonObject Detail { get; }

    /// <summary>What it took.</summary>
    public JudgeUsage Usage { get; }

    /// <summary>The row is settled.</summary>
    public static JudgeOutcome Settled(RewardScore score, JudgeUsage usage) => new(score, default, score.Detail ?? [], usage);

    /// <summary>The surroundings failed.</summary>
    public static JudgeOutcome Failed(Reason failure, JsonObject detail, JudgeUsage usage) => new(null, failure, detail, usage);
}
