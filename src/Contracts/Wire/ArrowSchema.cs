namespace Fleet.Contracts.Wire;

/// <summary>The columns of a stream and what is said of the whole.</summary>
internal sealed class ArrowSchema
{
    private const int MostColumns = 4096;
    private const int MostEntries = 64;

    private ArrowSchema(ArrowField[] fields, ReadOnlyMemory<byte>? version, ReadOnlyMemory<byte>? metaInfo) =>
        (Fields, Version, MetaInfo) = (fields, version, metaInfo);

    public ArrowField[] Fields { get; }

    /// <summary>The value of fleet.version, if it is there.</summary>
    public ReadOnlyMemory<byte>? Version { get; }

    /// <summary>The value of fleet.meta, if it is there.</summary>
    public ReadOnlyMemory<byte>? MetaInfo { get; }

    public static ArrowSchema Read(ArrowMessage message)
    {
        if (message.Kind != ArrowMessageKind.Schema || !FlatTable.Root(message.Header.Span).TryTable(2, out var schema))
        {
            throw WireException.Malformed("the stream does not begin with a schema");
        }

        if (schema.Int16(0) != 0) throw WireException.Malformed("the numbers are big endian");
        var columns = schema.Vector(1, 4);
        if (columns.Count > MostColumns) throw WireException.Malformed($"there are {columns.Count} columns, and {MostColumns} are the most");
        var fields = new ArrowField[columns.Count];
        for (int i = 0; i < fields.Length; i++) fields[i] = new ArrowField(columns.Table(i));

        var entries = schema.Vector(2, 4);
        if (entries.Count > MostEntries) throw WireException.Malformed($"the schema has {entries.Count} metadata entries");
        ReadOnlyMemory<byte>? version = null, metaInfo = null;
        for (int i = 0; i < entries.Count; i++)
        {
            var entry = entries.Table(i);
            if (entry.Text(0).SequenceEqual(WireFormat.VersionKeyUtf8)) version = Copy(entry.Text(1));
            else if (entry.Text(0).SequenceEqual(WireFormat.MetaInfoKeyUtf8)) metaInfo = Copy(entry.Text(1));
        }

        return new ArrowSchema(fields, version, metaInfo);
    }

    private static ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> text) => text.ToArray();
}
