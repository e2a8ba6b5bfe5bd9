using System.Text.Json;

namespace Fleet.Worker.Tokens;

/// <summary>Reads the files of a tokenizer and says in one sentence what is wrong with one.</summary>
internal static class TokenizerFiles
{
    private const long LargestFile = 256L << 20;

    public static byte[] Bytes(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length <= LargestFile
                ? File.ReadAllBytes(path)
                : throw new TokenizerException($"{path} has {length} bytes, and no tokenizer is larger than {LargestFile}: name the tokenizer's folder, not a model's.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException($"{path} cannot be read ({fault.Message}): check the file and who may read it.", fault);
        }
    }

    /// <summary>The JSON object in a file, or null where there is no such file.</summary>
    public static JsonElement? JsonObject(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            var json = JsonDocument.Parse(Bytes(path)).RootElement;
            return json.ValueKind == JsonValueKind.Object
                ? json
                : throw new TokenizerException($"{path} holds a JSON {json.ValueKind} where an object is expected: get the file again.");
        }
        catch (JsonException fault)
        {
            throw new TokenizerException($"{path} is no JSON ({fault.Message}): get the file again; a file kept by git-lfs may be only a pointer.", fault);
        }
    }

    /// <summary>A member of an object, or null where the object or the member is missing or null.</summary>
    public static JsonElement? Member(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } members && members.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    /// <summary>A vocabulary: an object from token to id.</summary>
    public static Dictionary<string, int> Vocabulary(JsonElement json, string source)
    {
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var entry in json.EnumerateObject())
            {
                vocabulary[entry.Name] = entry.Value.ValueKind == JsonValueKind.Number && entry.Value.TryGetInt32(out int id)
                    ? id
                    : throw new TokenizerException($"{source} gives the token '{entry.Name}' the id {entry.Value.GetRawText()}: an id is an integer; get the file again.");
            }
        }

        return vocabulary.Count > 0
            ? vocabulary
            : throw new TokenizerException($"{source} has no vocabulary, an object from token to id: get the file again.");
    }
}
