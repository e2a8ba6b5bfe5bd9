using System.Collections.Immutable;

namespace Fleet.Contracts.Batches;

/// <summary>The values that the rows of one group share, one for each column grouped by. Equal when all values are, each by kind and text.</summary>
/// <param name="values">The values, in the order of the columns.</param>
public sealed class GroupKey(ImmutableArray<GroupValue> values) : IEquatable<GroupKey>
{
    /// <summary>The values, in the order of the columns.</summary>
    public ImmutableArray<GroupValue> Values { get; } = values;

    /// <summary>The text of one value; null where the rows have none.</summary>
    public string? this[int index] => Values[index].Text;

    /// <inheritdoc/>
    public bool Equals(GroupKey? other) => other is not null && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GroupKey);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var value in Values) hash.Add(value);
        return hash.ToHashCode();
    }

    /// <summary>The values for people: joined with a bar, as the reference joins them. Two keys may look alike and differ.</summary>
    public override string ToString() => string.Join('|', Values.Select(value => value.Text));
}

/// <summary>One value of a group key: the text 5 and the number 5 differ.</summary>
/// <param name="Kind">What the value is; a row of a tensor with more dimensions is JSON.</param>
/// <param name="Text">The value as text; null where the rows have none.</param>
public readonly record struct GroupValue(ValueKind Kind, string? Text);
