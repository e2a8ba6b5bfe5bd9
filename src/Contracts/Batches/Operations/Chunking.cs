namespace Fleet.Contracts.Batches.Operations;

/// <summary>Cuts a batch into runs of rows that share its storage.</summary>
internal static class Chunking
{
    public static IReadOnlyList<DataProto> IntoChunks(DataProto data, int chunks)
    {
        int[] sizes = ArraySplit.Sizes(data.Length, chunks);
        var parts = new DataProto[chunks];
        int start = 0;
        for (int i = 0; i < chunks; i++)
        {
            parts[i] = Run(data, start, sizes[i]);
            start += sizes[i];
        }

        return parts;
    }

    public static IReadOnlyList<DataProto> IntoPieces(DataProto data, int rows)
    {
        if (rows < 1) throw new FleetException($"A batch cannot be cut into pieces of {rows} rows: give at least 1.");

        var pieces = new List<DataProto>();
        for (int start = 0; start < data.Length; start += rows) pieces.Add(Run(data, start, Math.Min(rows, data.Length - start)));
        return pieces.Count == 0 ? [data] : pieces;
    }

    public static DataProto Run(DataProto data, int start, int length) =>
        length == data.Length ? data : data.Map(column => column.SliceRows(start, length));
}
