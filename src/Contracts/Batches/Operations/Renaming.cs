namespace Fleet.Contracts.Batches.Operations;

/// <summary>Columns under other keys.</summary>
internal static class Renaming
{
    public static DataProto Of(DataProto data, IReadOnlyList<string> oldKeys, IReadOnlyList<string> newKeys)
    {
        if (oldKeys.Count != newKeys.Count)
        {
            throw new FleetException($"{oldKeys.Count} keys cannot be renamed to {newKeys.Count}: give one new key for each old one.");
        }

        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < oldKeys.Count; i++)
        {
            _ = data[oldKeys[i]];
            renamed[oldKeys[i]] = newKeys[i];
        }

        return DataProto.FromSingleDict(
            data.Columns.Select(entry => KeyValuePair.Create(renamed.GetValueOrDefault(entry.Key, entry.Key), entry.Value)), data.MetaInfo);
    }
}
