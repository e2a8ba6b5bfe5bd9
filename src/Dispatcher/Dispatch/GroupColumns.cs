using Fleet.Contracts.Batches;

namespace Fleet.Dispatcher.Dispatch;

/// <summary>Cuts batches between groups: rows that share a <c>group_id</c> stay together, a row without one is a group of its own.</summary>
internal static class GroupColumns
{
    /// <summary>The rows of each part: whole groups, in the order of their first rows, as many as fit; a group larger than a part is one.</summary>
    /// <param name="rows">The batch.</param>
    /// <param name="maxRows">Rows of a part.</param>
    /// <param name="maxBytes">Bytes of a part.</param>
    public static IReadOnlyList<IReadOnlyList<int>> Parts(DataProto rows, int maxRows, long maxBytes)
    {
        var sizes = rows.RowBytes();
        var ids = rows.NonTensorBatch.GetValueOrDefault(BatchKeys.GroupId);
        var groups = new OrderedDictionary<string, List<int>>(StringComparer.Ordinal);
        for (var row = 0; row < rows.Length; row++)
        {
            var key = ids?.Text(row) is { } id ? "g" + id : "r" + row;
            if (!groups.TryGetValue(key, out var group)) groups[key] = group = [];
            group.Add(row);
        }

        var parts = new List<List<int>>();
        var bytes = 0L;
        foreach (var group in groups.Values)
        {
            var groupBytes = group.Sum(row => sizes[row]);
            if (parts.Count == 0 || parts[^1].Count + group.Count > maxRows || bytes + groupBytes > maxBytes)
            {
                parts.Add([]);
                bytes = 0;
            }

            parts[^1].AddRange(group);
            bytes += groupBytes;
        }

        return parts;
    }

    /// <summary>Where a part of whole groups is cut in two: the border of groups that is nearest to its middle; 0 when it is one group.</summary>
    public static int Middle(DataProto rows)
    {
        var ids = rows.NonTensorBatch.GetValueOrDefault(BatchKeys.GroupId);
        bool IsBorder(int row) => ids?.Text(row) is not { } id || ids.Text(row - 1) != id;
        var half = rows.Length / 2;
        for (var away = 0; away <= half; away++)
        {
            if (half - away > 0 && IsBorder(half - away)) return half - away;
            if (half + away > 0 && half + away < rows.Length && IsBorder(half + away)) return half + away;
        }

        return 0;
    }
}
