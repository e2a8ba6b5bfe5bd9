using Fleet.Shaping.Groups;

namespace Fleet.Shaping.Components;

/// <summary>The weighted sum of a row's components.</summary>
/// <param name="settings">The components, their weights and their settings.</param>
internal sealed class Composite(ShapingSettings settings)
{
    /// <summary>Composes the rewards of all rows.</summary>
    /// <returns>For each row the reward, null when it has none, and the value of each component before its weight.</returns>
    public (double? Reward, IReadOnlyDictionary<string, double?> Components)[] Of(IReadOnlyList<ShapingRow> rows, RowGroups groups)
    {
        var columns = settings.Rewards.Select(component => (component.Name, component.Weight, Values: Values(component.Name, rows, groups))).ToArray();
        return [.. rows.Select((row, i) => columns.Length == 0 ? (row.Reward, row.Components) : Sum(columns, i, isScored: row.Reward is not null))];
    }

    // Counting tokens judges nothing: a row that no rule has scored stays without a reward, whatever may be skipped.
    private (double?, IReadOnlyDictionary<string, double?>) Sum((string Name, double Weight, double?[] Values)[] columns, int row, bool isScored)
    {
        var components = new Dictionary<string, double?>(columns.Length);
        var (sum, unscored) = (0.0, 0);
        foreach (var (name, weight, values) in columns)
        {
            components[name] = values[row];
            if (values[row] is { } value)
            {
                sum += weight * value;
                isScored |= name is not (ComponentNames.Overlong or ComponentNames.ShortLength or ComponentNames.TokenRepetition);
            }
            else
            {
                unscored++;
            }
        }

        return (!isScored || (unscored > 0 && !settings.SkipUnscoredComponents) ? null : sum, components);
    }

    private double?[] Values(string name, IReadOnlyList<ShapingRow> rows, RowGroups groups) => name switch
    {
        ComponentNames.BestOfN => InGroups(rows, groups, GroupRewards.BestOfN),
        ComponentNames.Ranking => InGroups(rows, groups, GroupRewards.Ranking),
        ComponentNames.Pairwise => InGroups(rows, groups, GroupRewards.Pairwise),
        _ => [.. rows.Select(row => Value(name, row))],
    };

    private double? Value(string name, ShapingRow row) => name switch
    {
        ComponentNames.Reward => row.Reward,
        ComponentNames.Score => row.Score,
        ComponentNames.Overlong => Tokens(row) is { } tokens ? settings.Overlong.Of(tokens) : null,
        ComponentNames.ShortLength => Tokens(row) is { } tokens ? settings.ShortLength.Of(tokens) : null,
        ComponentNames.CosineLength => Tokens(row) is { } tokens && row.Score is { } score ? settings.Cosine.Of(tokens, score >= settings.CorrectAt) : null,
        ComponentNames.TokenRepetition => row.TokenIds is { } ids ? settings.Repetition.Of(ids) : null,
        _ => row.Components.GetValueOrDefault(name),
    };

    private static int? Tokens(ShapingRow row) => row.Tokens ?? row.TokenIds?.Count;

    private static double?[] InGroups(IReadOnlyList<ShapingRow> rows, RowGroups groups, Func<IReadOnlyList<double?>, double?[]> compare)
    {
        var values = new double?[rows.Count];
        foreach (var group in groups.All)
        {
            var compared = compare([.. group.Select(i => rows[i].Reward)]);
            for (var i = 0; i < group.Length; i++) values[group[i]] = compared[i];
        }

        return values;
    }
}
