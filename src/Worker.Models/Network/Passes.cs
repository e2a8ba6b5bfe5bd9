namespace Fleet.Worker.Models.Network;

/// <summary>Which rows go through a model together: rows of like length, as many as the batch size and the memory of one pass allow.</summary>
/// <remarks>Rows of like length, since filling costs as much as tokens do; of equal length where there are such, since those need no mask.</remarks>
internal static class Passes
{
    /// <summary>Tokens of a pass, filling and what is to come included: what activations and the cache grow with.</summary>
    public const long MostTokens = 32_768;

    /// <summary>Pairs of tokens of a pass, filling included: a mask has a number for each.</summary>
    public const long MostPairs = 1 << 25;

    /// <summary>The rows of each pass, by number; a row that is too long for the limits goes alone.</summary>
    /// <param name="lengths">Tokens of each row, and how many more there may come.</param>
    /// <param name="mostRows">The most rows in a pass.</param>
    /// <param name="mostTokens">The most tokens in a pass.</param>
    /// <param name="mostPairs">The most pairs of tokens in a pass whose rows differ in length.</param>
    public static IEnumerable<int[]> Of(IReadOnlyList<(int Tokens, int ToCome)> lengths, int mostRows, long mostTokens = MostTokens, long mostPairs = MostPairs)
    {
        List<int> pass = [];
        foreach (var row in Enumerable.Range(0, lengths.Count).OrderBy(row => lengths[row].Tokens))
        {
            pass.Add(row);
            if (pass.Count == 1 || Fits()) continue;
            yield return [.. pass[..^1]];
            pass = [row];
        }

        if (pass.Count > 0) yield return [.. pass];

        bool Fits()
        {
            long rows = pass.Count, longest = lengths[pass[^1]].Tokens, toCome = pass.Max(row => lengths[row].ToCome);
            var isFilled = lengths[pass[0]].Tokens < longest;
            return rows <= mostRows && rows * (longest + toCome) <= mostTokens && (!isFilled || rows * longest * longest <= mostPairs);
        }
    }
}
