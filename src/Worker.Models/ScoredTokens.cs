using Fleet.Contracts.Batches;

namespace Fleet.Worker.Models;

/// <summary>Which tokens of a row a reward model reads, and at which of them it gives its score.</summary>
/// <remarks>Differs: the reference looks for the first padding id, which is the wrong place where padding and end share an id, or where the text holds it.</remarks>
public static class ScoredTokens
{
    /// <summary>The positions that are read; the score stands at the last one.</summary>
    /// <param name="ids">The row with its padding.</param>
    /// <param name="mask">Which positions are tokens; null when nobody knows.</param>
    /// <param name="endIds">The ids that end a text.</param>
    /// <param name="padId">The id that padding has; used only without a mask.</param>
    /// <param name="cut">The end from which padding was cut already, as ragged ids have it; null when neither was.</param>
    public static IReadOnlyList<int> Positions(IReadOnlyList<int> ids, IReadOnlyList<bool>? mask, IReadOnlyList<int> endIds, int? padId, PadSide? cut = null)
    {
        var all = Enumerable.Range(0, ids.Count);
        if (mask is not null) return [.. all.Where(i => mask[i])];

        // Without a mask only what repeats at either end can be padding; of a run of ends the first one is the row's own.
        var from = 0;
        while (from < ids.Count && cut != PadSide.Left && ids[from] == padId) from++;
        var to = ids.Count;
        while (to > from && ((cut != PadSide.Right && ids[to - 1] == padId) || endIds.Contains(ids[to - 1]))) to--;
        if (to < ids.Count && endIds.Contains(ids[to])) to++;
        return [.. all.Skip(from).Take(to - from)];
    }
}
