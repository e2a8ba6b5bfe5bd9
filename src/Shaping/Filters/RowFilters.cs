using Fleet.Shaping.Groups;
using Fleet.Shaping.Normalisation;

namespace Fleet.Shaping.Filters;

/// <summary>Decides which rows to keep. Nothing is removed: the decision is a column.</summary>
/// <remarks>
/// Fails:   a row without a reward is not kept, reason <c>unscored</c>, and counts in no mean; a group with a single scored row passes
///          the filters on groups; a row of unknown length passes the filters on length.
/// Source:  alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/utils.py (query filters) and roll/utils/functionals.py (sample masks).
/// Differs: groups go by explicit ids; right and wrong go by <see cref="ShapingSettings.CorrectAt"/> and not by equality with 0 and 1.
/// </remarks>
internal static class RowFilters
{
    /// <summary>A row without a reward.</summary>
    public const string Unscored = "unscored";

    /// <summary>Judges every row.</summary>
    /// <returns>Null where a row is kept, else the name of the first filter that drops it.</returns>
    public static string?[] Of(IReadOnlyList<ShapingRow> rows, IReadOnlyList<double?> rewards, RowGroups groups, FilterSettings settings, double correctAt)
    {
        var reasons = new string?[rows.Count];
        foreach (var group in groups.All)
        {
            var dropped = GroupReason(rows, rewards, group, settings);
            foreach (var row in group) reasons[row] = rewards[row] is null ? Unscored : dropped ?? RowReason(rows[row], settings, correctAt);
        }

        return reasons;
    }

    private static string? GroupReason(IReadOnlyList<ShapingRow> rows, IReadOnlyList<double?> rewards, int[] group, FilterSettings settings)
    {
        var scored = group.Where(row => rewards[row] is not null).ToArray();
        if (scored.Length < 2) return null;

        var reward = RunningMoments.Of([.. scored.Select(row => rewards[row]!.Value)]);
        if (reward.Mean <= settings.MeanAbove || reward.Mean >= settings.MeanBelow) return "mean_filter";
        if (reward.Deviation <= settings.DeviationAbove) return "std_filter";

        var scores = RunningMoments.Of([.. scored.Select(row => rows[row].Score).OfType<double>()]);
        return scores.Count > 1 && (scores.Mean <= settings.DifficultyLow || scores.Mean >= settings.DifficultyHigh) ? "difficulty_mask" : null;
    }

    private static string? RowReason(ShapingRow row, FilterSettings settings, double correctAt)
    {
        if (settings.DropTruncated && row.IsTruncated) return "truncated";
        if ((row.Tokens ?? row.TokenIds?.Count) is not { } tokens) return null;
        if (settings.DropFullWindow && tokens >= row.Window) return "max_len_mask";
        return row.Score < correctAt && tokens >= settings.WrongBelowTokens ? "error_max_len_clip" : null;
    }
}
