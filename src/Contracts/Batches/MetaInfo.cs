using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Fleet.Contracts.Batches;

/// <summary>What is said once a batch and not once a row: global step, metrics, settings. Immutable, JSON values, in the order they were added.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "The name is the reference's: meta_info.")]
public sealed class MetaInfo : IReadOnlyDictionary<string, JsonElement>
{
    /// <summary>Nothing said.</summary>
    public static readonly MetaInfo Empty = new([]);

    private readonly OrderedDictionary<string, JsonElement> _entries;

    private MetaInfo(OrderedDictionary<string, JsonElement> entries) => _entries = entries;

    /// <summary>The number of entries.</summary>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _entries.Keys;

    /// <inheritdoc/>
    public IEnumerable<JsonElement> Values => _entries.Values;

    /// <inheritdoc/>
    /// <exception cref="BatchKeyException">There is no such entry.</exception>
    public JsonElement this[string key] =>
        _entries.TryGetValue(key, out var value) ? value : throw BatchKeyException.Missing("Meta entry", key, Keys);

    /// <summary>Entries that were collected elsewhere; of a key that comes twice the last counts.</summary>
    public static MetaInfo Of(IEnumerable<KeyValuePair<string, JsonElement>> entries)
    {
        var collected = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (key, value) in entries) collected[key] = value.Clone();
        return collected.Count == 0 ? Empty : new MetaInfo(collected);
    }

    /// <summary>The members of a JSON object.</summary>
    /// <exception cref="FleetException">The value is no object.</exception>
    public static MetaInfo OfObject(JsonElement json) => json.ValueKind == JsonValueKind.Object
        ? Of(json.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, member.Value)))
        : throw new FleetException($"Meta info is {Quoted.Clip(json.GetRawText())} where a JSON object is expected.");

    /// <summary>With one more entry, or another value of it.</summary>
    public MetaInfo With(string key, JsonElement value)
    {
        var entries = Copy();
        entries[key] = value.Clone();
        return new MetaInfo(entries);
    }

    /// <summary>With one more entry, or another value of it, as System.Text.Json writes the value.</summary>
    public MetaInfo With<T>(string key, T value) => With(key, JsonSerializer.SerializeToElement(value));

    /// <summary>Without an entry; a key that is not there changes nothing.</summary>
    public MetaInfo Without(string key)
    {
        if (!ContainsKey(key)) return this;
        var entries = Copy();
        entries.Remove(key);
        return new MetaInfo(entries);
    }

    /// <summary>The entries of both.</summary>
    /// <param name="other">The other entries.</param>
    /// <param name="conflict">What becomes of a key with two different values.</param>
    /// <exception cref="FleetException">Two values differ under <see cref="MetaConflict.Fail"/>.</exception>
    public MetaInfo Merge(MetaInfo other, MetaConflict conflict = MetaConflict.Fail)
    {
        if (other.Count == 0) return this;
        if (Count == 0) return other;
        var entries = Copy();
        foreach (var (key, value) in other)
        {
            if (!entries.TryGetValue(key, out var mine) || conflict == MetaConflict.KeepLast)
            {
                entries[key] = value;
            }
            else if (conflict == MetaConflict.Fail && !JsonElement.DeepEquals(mine, value))
            {
                throw new FleetException(
                    $"Meta entry {Quoted.Clip(key)} is {Quoted.Clip(mine.GetRawText())} on one side and {Quoted.Clip(value.GetRawText())} on the other: " +
                    "take it out of one, or say which is kept.");
            }
        }

        return new MetaInfo(entries);
    }

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _entries.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out JsonElement value) => _entries.TryGetValue(key, out value);

    /// <summary>Whether both have the same keys with equal JSON values, in whatever order.</summary>
    public bool ContentEquals(MetaInfo other) => Count == other.Count
        && _entries.All(entry => other.TryGetValue(entry.Key, out var value) && JsonElement.DeepEquals(entry.Value, value));

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, JsonElement>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private OrderedDictionary<string, JsonElement> Copy() => new(_entries, StringComparer.Ordinal);
}
