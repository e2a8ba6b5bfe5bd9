using Fleet.Contracts.Names;
using Fleet.Dispatcher.Collecting;
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
    public required RowOutcome Outcome { get; init; }

    /// <inheritdoc cref="RowOutcome.Status"/>
    public RowStatus Status => Outcome.Status;

    /// <inheritdoc cref="RowOutcome.Score"/>
    public double? Score => Outcome.Score;

    /// <inheritdoc cref="RowOutcome.Reward"/>
    public double? Reward => Outcome.Reward;

    /// <inheritdoc cref="RowOutcome.Reason"/>
    public string Reason => Outcome.Reason;

    /// <inheritdoc cref="RowOutcome.Detail"/>
    public string? Detail => Outcome.Detail;

    /// <inheritdoc cref="RowOutcome.Components"/>
    public string? Components => Outcome.Components;

    /// <inheritdoc cref="RowOutcome.Shaped"/>
    public ShapedRow? Shaped => Outcome.Shaped;

    /// <inheritdoc cref="RowOutcome.Rank"/>
    public int? Rank => Outcome.Rank;

    /// <inheritdoc cref="RowOutcome.Milliseconds"/>
    public double? Milliseconds => Outcome.Milliseconds;

    /// <summary>The reason's code alone.</summary>
    public string ReasonCode => Reason.IndexOf(':') is var colon and > 0 ? Reason[..colon] : Reason;

    /// <summary>A row without a verdict.</summary>
    public static RowReward Unscored(Row row, string? domain, RowStatus status, string code, string sentence) =>
        new() { Row = row, Domain = domain, Outcome = RowOutcome.Unscored(1, status, code, sentence)[0] };
}
