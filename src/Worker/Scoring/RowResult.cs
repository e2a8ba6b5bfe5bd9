using System.Text.Json.Nodes;
using Fleet.Contracts.Names;
using Fleet.Rewards;

namespace Fleet.Worker.Scoring;

/// <summary>How one row ended on this worker.</summary>
public sealed record RowResult
{
    private static readonly Reason NotANumber = new("not_a_number", "The worker returned no finite score or reward.");

    /// <summary>How it ended.</summary>
    public required RowStatus Status { get; init; }

    /// <summary>Correctness; null unless scored.</summary>
    public double? Score { get; init; }

    /// <summary>Training reward; null unless scored.</summary>
    public double? Reward { get; init; }

    /// <summary>Why.</summary>
    public required Reason Reason { get; init; }

    /// <summary>What was extracted, run or asked; null when there is nothing to add.</summary>
    public JsonObject? Detail { get; init; }

    /// <summary>What further rules say of the row, by name; null when none was asked for.</summary>
    public JsonObject? Components { get; init; }

    /// <summary>Time that the row was scored, without its time in any queue.</summary>
    /// <value>Milliseconds.</value>
    public double Milliseconds { get; init; }

    /// <summary>A verdict of a reward; one whose score or reward is no finite number is none, and the row has failed.</summary>
    public static RowResult Of(RewardScore score) => !double.IsFinite(score.Score ?? 0) || !double.IsFinite(score.Reward ?? 0) ? Unscored(RowStatus.Failed, NotANumber) : new()
    {
        Status = score.IsScored ? RowStatus.Scored : RowStatus.Invalid,
        Score = score.Score,
        Reward = score.Reward,
        Reason = score.Reason,
        Detail = score.Detail,
    };

    /// <summary>A row that ended without a verdict.</summary>
    public static RowResult Unscored(RowStatus status, Reason reason, JsonObject? detail = null) => new() { Status = status, Reason = reason, Detail = detail };
}
