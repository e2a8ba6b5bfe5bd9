using Fleet.Contracts.Batches;

namespace Fleet.Dispatcher.Dispatch;

/// <summary>Cuts a batch into parts that are neither too long nor too large.</summary>
internal static class PartCuts
{
    /// <summary>Runs of neighbouring rows that share the batch's storage.</summary>
    /// <param name="rows">The batch; not empty.</param>
    /// <param name="maxRows">Rows of a part, at least 1.</param>
    /// <param name="maxBytes">Bytes of a part; a single row that is larger is a part by itself.</param>
    public static IEnumerable<DataProto> Of(DataProto rows, int maxRows, long maxBytes)
    {
        var sizes = rows.RowBytes();
        var (start, bytes) = (0, 0L);
        for (var row = 0; row < sizes.Length; row++)
        {
            if (row > start && (row - start == maxRows || bytes + sizes[row] > maxBytes))
            {
                yield return rows.Slice(start, row);
                (start, bytes) = (row, 0);
            }

            bytes += sizes[row];
        }

        yield return rows.Slice(start);
    }
}
