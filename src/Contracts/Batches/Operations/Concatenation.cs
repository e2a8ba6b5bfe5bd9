using System.Text.Json;

namespace Fleet.Contracts.Batches.Operations;

/// <summary>Batches one below the other.</summary>
internal static class Concatenation
{
    private static readonly string[] CollectedByDefault = [BatchKeys.Metrics];

    public static DataProto Of(IReadOnlyList<DataProto> parts, MetaConflict conflict, IReadOnlyCollection<string>? globalKeys)
    {
        var metaInfo = Said(parts, conflict, globalKeys ?? CollectedByDefault);
        var filled = parts.Where(part => !part.IsMetaOnly).ToList();
        if (filled.Count == 0) return DataProto.Empty.WithMeta(metaInfo);
        if (filled.Count == 1) return filled[0].WithMeta(metaInfo);

        var keys = filled[0].Keys.ToList();
        for (int i = 1; i < filled.Count; i++) CheckKeys(keys, filled[i], i);
        return DataProto.FromSingleDict(keys.Select(key => KeyValuePair.Create(key, Join(key, filled))), metaInfo);
    }

    private static Column Join(string key, List<DataProto> parts)
    {
        var columns = parts.ConvertAll(part => part[key]);
        return columns[0].ConcatRows(key, columns);
    }

    private static void CheckKeys(List<string> keys, DataProto part, int index)
    {
        foreach (string key in keys)
        {
            if (part.Find(key) is null) throw Lacking(key, index, 0, part.Keys);
        }

        foreach (string key in part.Keys)
        {
            if (!keys.Contains(key)) throw Lacking(key, 0, index, keys);
        }
    }

    private static BatchKeyException Lacking(string key, int lacking, int having, IEnumerable<string> present) => new(key,
        $"Column {Quoted.Clip(key)} is in part {having} but not in part {lacking}, which has {Quoted.List(present)}: " +
        "give every part the same columns before joining them.");

    private static MetaInfo Said(IReadOnlyList<DataProto> parts, MetaConflict conflict, IReadOnlyCollection<string> globalKeys)
    {
        var metaInfo = MetaInfo.Empty;
        foreach (var part in parts)
        {
            var own = globalKeys.Aggregate(part.MetaInfo, (meta, key) => meta.Without(key));
            metaInfo = metaInfo.Merge(own, conflict);
        }

        foreach (string key in globalKeys)
        {
            var values = parts.Select(part => part.MetaInfo.TryGetValue(key, out var value) && value.ValueKind != JsonValueKind.Null
                ? value
                : (JsonElement?)null).ToList();
            if (values.Any(value => value is not null)) metaInfo = metaInfo.With(key, Metrics.Collect(key, values));
        }

        return metaInfo;
    }
}
