namespace Fleet.Contracts.Batches.Operations;

/// <summary>All rows in another order.</summary>
internal static class Reordering
{
    public static DataProto Of(DataProto data, ReadOnlySpan<int> indices)
    {
        if (indices.Length != data.Length)
        {
            throw new BatchShapeException("indices", [data.Length], [indices.Length], "a reordering names every row once");
        }

        var seen = new bool[data.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            int row = indices[i];
            if (row < 0 || row >= seen.Length || seen[row])
            {
                throw new FleetException(
                    $"Index {row} at position {i} is no row of {data.Length}, or comes twice: a reordering names every row once.");
            }

            seen[row] = true;
        }

        int[] rows = indices.ToArray();
        return data.Map(column => column.GatherRows(rows));
    }
}
