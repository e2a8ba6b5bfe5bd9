namespace Fleet.Contracts.Batches.Operations;

/// <summary>Rows added so that ranks get equal shares, and taken away again.</summary>
internal static class Padding
{
    public static (DataProto Padded, int PadSize) ToDivisor(DataProto data, int divisor)
    {
        if (divisor < 1) throw new FleetException($"A batch cannot be padded to a multiple of {divisor}: give at least 1.");

        int remainder = data.Length % divisor;
        if (remainder == 0) return (data, 0);
        int padSize = divisor - remainder;
        var rows = new int[data.Length + padSize];
        for (int i = 0; i < rows.Length; i++) rows[i] = i % data.Length;
        return (data.Map(column => column.GatherRows(rows)), padSize);
    }

    public static DataProto Remove(DataProto data, int padSize) => padSize >= 0 && padSize <= data.Length
        ? Chunking.Run(data, 0, data.Length - padSize)
        : throw new FleetException($"{padSize} rows cannot be taken off a batch of {data.Length} rows: give what the padding added.");
}
