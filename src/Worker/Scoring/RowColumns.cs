using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Fleet.Contracts.Batches;

namespace Fleet.Worker.Scoring;

/// <summary>The columns of one row as JSON values, read from the batch when they are asked for.</summary>
internal sealed class RowColumns(DataProto batch, int row) : IReadOnlyDictionary<string, JsonElement>
{
    public IEnumerable<string> Keys => batch.NonTensorBatch.Keys;

    public IEnumerable<JsonElement> Values => Keys.Select(key => this[key]);

    public int Count => batch.NonTensorBatch.Count;

    public JsonElement this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);

    public bool ContainsKey(string key) => batch.NonTensorBatch.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out JsonElement value)
    {
        value = default;
        if (!batch.NonTensorBatch.TryGetValue(key, out var column) || column.Json(row) is not { } found) return false;
        value = found;
        return true;
    }

    public IEnumerator<KeyValuePair<string, JsonElement>> GetEnumerator()
    {
        foreach (var key in Keys)
        {
            if (TryGetValue(key, out var value)) yield return new KeyValuePair<string, JsonElement>(key, value);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
