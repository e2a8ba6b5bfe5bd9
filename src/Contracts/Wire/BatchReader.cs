using System.Text;
using System.Text.Json;
using Fleet.Contracts.Batches;

namespace Fleet.Contracts.Wire;

/// <summary>Reads a batch from an Arrow IPC stream. Nothing that the bytes say is believed before it was checked against their length.</summary>
public static class BatchReader
{
    /// <summary>The entry of the schema's metadata by which a stream is known to be a batch.</summary>
    public const string VersionKey = WireFormat.VersionKey;

    private static readonly JsonDocumentOptions MetaOptions = new() { MaxDepth = 512 };

    /// <summary>The batch. Its columns point into the bytes, which nobody may change afterwards; only flags of tensors are copied.</summary>
    /// <exception cref="WireException">The bytes are no batch, or one of a version unknown here.</exception>
    /// <exception cref="BatchShapeException">The columns have different rows.</exception>
    public static DataProto Read(ReadOnlyMemory<byte> bytes)
    {
        var rest = bytes;
        var schema = ArrowSchema.Read(ArrowMessage.Next(ref rest) ?? throw WireException.Malformed("they are empty"));
        CheckVersion(schema);
        var metaInfo = ReadMetaInfo(schema);
        if (ArrowMessage.Next(ref rest) is not { } message)
        {
            return schema.Fields.Length == 0
                ? DataProto.Empty.WithMeta(metaInfo)
                : throw WireException.Malformed("there is a schema and no record batch");
        }

        var body = new ArrowBody(message);
        var columns = new KeyValuePair<string, Column>[schema.Fields.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = KeyValuePair.Create(schema.Fields[i].Name, ColumnReader.Read(schema.Fields[i], body));
        }

        if (ArrowMessage.Next(ref rest) is not null) throw WireException.Malformed("there is more than one record batch");
        return DataProto.FromSingleDict(columns, metaInfo);
    }

    private static void CheckVersion(ArrowSchema schema)
    {
        if (schema.Version is not { } version) throw WireException.Malformed($"the schema's metadata has no {VersionKey}");
        string found = Encoding.UTF8.GetString(version.Span);
        if (found != WireFormat.Version) throw WireException.OtherVersion(Quoted.Clip(found));
    }

    private static MetaInfo ReadMetaInfo(ArrowSchema schema)
    {
        if (schema.MetaInfo is not { } json) return MetaInfo.Empty;
        try
        {
            return MetaInfo.OfObject(JsonDocument.Parse(json, MetaOptions).RootElement);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw WireException.Malformed($"{WireFormat.MetaInfoKey} is no JSON object ({fault.Message})", fault);
        }
    }
}
