namespace Fleet.Contracts.Batches.Operations;

/// <summary>The columns of two batches side by side.</summary>
internal static class Unification
{
    public static DataProto Of(DataProto data, DataProto other, MetaConflict conflict)
    {
        var metaInfo = data.MetaInfo.Merge(other.MetaInfo, conflict);
        if (other.IsMetaOnly) return data.WithMeta(metaInfo);
        if (data.IsMetaOnly) return other.WithMeta(metaInfo);

        var added = new List<KeyValuePair<string, Column>>();
        foreach (var (key, column) in other.Columns)
        {
            var own = data.Find(key);
            if (own is null)
            {
                added.Add(KeyValuePair.Create(key, column));
            }
            else if (!own.ContentEquals(column))
            {
                throw new BatchShapeException(key, own.FullShape, column.FullShape,
                    $"it is {own.Description} on one side and {column.Description} on the other, and a column of both sides must hold equal values: " +
                    "rename or remove one");
            }
        }

        return DataProto.FromSingleDict(data.Columns.Concat(added), metaInfo);
    }
}
