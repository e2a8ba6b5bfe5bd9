namespace Fleet.Contracts.Batches.Operations;

/// <summary>Some of the columns and entries.</summary>
internal static class Selection
{
    public static DataProto Keep(
        DataProto data, IReadOnlyCollection<string>? batchKeys, IReadOnlyCollection<string>? nonTensorKeys, IReadOnlyCollection<string>? metaKeys)
    {
        CheckKeys(data, batchKeys ?? [], nonTensorKeys ?? [], metaKeys ?? []);
        return DataProto.Of(
            data.Batch.Where(entry => batchKeys?.Contains(entry.Key) ?? true),
            data.NonTensorBatch.Where(entry => nonTensorKeys?.Contains(entry.Key) ?? true),
            metaKeys is null ? data.MetaInfo : MetaInfo.Of(data.MetaInfo.Where(entry => metaKeys.Contains(entry.Key))));
    }

    public static (DataProto Popped, DataProto Remaining) Pop(
        DataProto data, IReadOnlyCollection<string> batchKeys, IReadOnlyCollection<string> nonTensorKeys, IReadOnlyCollection<string> metaKeys) =>
        (Keep(data, batchKeys, nonTensorKeys, metaKeys), Keep(
            data,
            [.. data.Batch.Keys.Except(batchKeys)],
            [.. data.NonTensorBatch.Keys.Except(nonTensorKeys)],
            [.. data.MetaInfo.Keys.Except(metaKeys)]));

    private static void CheckKeys(
        DataProto data, IReadOnlyCollection<string> batchKeys, IReadOnlyCollection<string> nonTensorKeys, IReadOnlyCollection<string> metaKeys)
    {
        Check("Tensor column", batchKeys, data.Batch.Keys);
        Check("Value column", nonTensorKeys, data.NonTensorBatch.Keys);
        Check("Meta entry", metaKeys, data.MetaInfo.Keys);
    }

    private static void Check(string what, IReadOnlyCollection<string> keys, IEnumerable<string> present)
    {
        foreach (string key in keys)
        {
            if (!present.Contains(key)) throw BatchKeyException.Missing(what, key, present);
        }
    }
}
