namespace Fleet.Contracts.Batches.Operations;

/// <summary>Rows by index or by mask.</summary>
internal static class RowSelection
{
    public static DataProto Gather(DataProto data, ReadOnlySpan<int> indices)
    {
        var rows = new int[indices.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            int row = indices[i] < 0 ? indices[i] + data.Length : indices[i];
            rows[i] = row >= 0 && row < data.Length
                ? row
                : throw new FleetException(
                    $"Index {indices[i]} at position {i} is outside a batch of {data.Length} rows: use {-data.Length} to {data.Length - 1}.");
        }

        return data.Map(column => column.GatherRows(rows));
    }

    public static DataProto Filter(DataProto data, ReadOnlySpan<bool> mask)
    {
        if (mask.Length != data.Length)
        {
            throw new BatchShapeException("mask", [data.Length], [mask.Length], "a mask has one entry a row");
        }

        var rows = new List<int>();
        for (int i = 0; i < mask.Length; i++)
        {
            if (mask[i]) rows.Add(i);
        }

        int[] kept = [.. rows];
        return data.Map(column => column.GatherRows(kept));
    }

    public static DataProto Of(DataProto data, Tensor indicesOrMask)
    {
        if (indicesOrMask.Shape.Length == 1)
        {
            switch (indicesOrMask.DType)
            {
                case DType.Bool:
                    return Filter(data, indicesOrMask.Span<bool>());
                case DType.Int32:
                    return Gather(data, indicesOrMask.Span<int>());
                case DType.Int64:
                    var wide = indicesOrMask.Span<long>();
                    var indices = new int[wide.Length];
                    for (int i = 0; i < wide.Length; i++) indices[i] = (int)Math.Clamp(wide[i], int.MinValue, int.MaxValue);
                    return Gather(data, indices);
            }
        }

        throw new FleetException($"Rows cannot be selected by {indicesOrMask.Description}: give one dimension of bool, int32 or int64.");
    }
}
