using Fleet.Contracts.Names;
using Fleet.Shaping;

namespace Fleet.Dispatcher.Rollouts;

/// <summary>What came out for one row.</summary>
public sealed record RowReward
{
    /// <summary>The row that was asked about.</summary>
    public required Row Row { get; init; }

    /// <summary>The domain that scored it; null when none was found for it.</summary>
    public string? Domain { get; init; }

    /// <summary>How the row ended.</summary>
    public required RowStatus Status { get; init; }

    /// <summary>Correctness; null unless scored.</summary>
    public double? Score { get; init; }

    /// <summary>Training reward; null unless scored.</summary>
    public double? Reward { get; init; }

    /// <summary>One short code, with a sentence after a colon where there is more to say.</summary>
    public required string Reason { get; init; }

    /// <summary>What was extracted, run or asked, as a JSON object; null when there is nothing to add.</summary>
    public string? Detail { get; init; }

    /// <summary>What further rules gave it, as a JSON object; null when none was asked.</summary>
    public string? Components { get; init; }

    /// <summary>What shaping made of it; null when its domain has none.</summary>
    public ShapedRow? Shaped { get; init; }

    /// <summary>The rank that scored it; null when none did.</summary>
    public int? Rank { get; init; }

    /// <summary>Time that its scoring took, without any time in queues; null when it was not scored.</summary>
    /// <value>Milliseconds.</value>
    public double? Milliseconds { get; init; }

    /// <summary>The reason's code alone.</summary>
    public string ReasonCode => Reason.IndexOf(':') is var colon and > 0 ? Reason[..colon] : Reason;

    /// <summary>A row without a verdict.</summary>
    public static RowReward Unscored(Row row, string? domain, RowStatus status, string code, string sentence) =>
        new() { Row = row, Domain = domain, Status = status, Reason = sentence.Length == 0 ? code : $"{code}: {sentence}" };
}
