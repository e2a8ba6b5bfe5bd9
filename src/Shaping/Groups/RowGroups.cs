namespace Fleet.Shaping.Groups;

/// <summary>Rows by group, by explicit ids: a missing or a filtered row moves no other row into a strange group.</summary>
internal sealed class RowGroups
{
    private RowGroups(IReadOnlyList<int[]> groups) => All = groups;

    /// <summary>The row numbers of each group, in order of first appearance.</summary>
    public IReadOnlyList<int[]> All { get; }

    /// <summary>Groups rows of the same domain and the same group id; a row without an id stands alone.</summary>
    public static RowGroups Of(IReadOnlyList<ShapingRow> rows)
    {
        var groups = new Dictionary<(string, string), List<int>>();
        var all = new List<List<int>>();
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].GroupId is not { } id)
            {
                all.Add([i]);
                continue;
            }

            if (!groups.TryGetValue((rows[i].Domain, id), out var group))
            {
                groups[(rows[i].Domain, id)] = group = [];
                all.Add(group);
            }

            group.Add(i);
        }

        return new RowGroups(all.ConvertAll(group => group.ToArray()));
    }

    /// <summary>Groups all rows of the same domain.</summary>
    public static RowGroups ByDomain(IReadOnlyList<ShapingRow> rows) =>
        new([.. Enumerable.Range(0, rows.Count).GroupBy(i => rows[i].Domain).Select(group => group.ToArray())]);
}
