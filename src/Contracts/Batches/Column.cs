namespace Fleet.Contracts.Batches;

/// <summary>One named thing of a batch with one entry a row. Immutable: every operation gives a new column and shares storage where it can.</summary>
public abstract class Column
{
    private protected Column(int length) => Length = length;

    /// <summary>The rows.</summary>
    public int Length { get; }

    /// <summary>Whether both columns hold the same values in the same form; NaN equals NaN.</summary>
    public abstract bool ContentEquals(Column? other);

    /// <summary>Kind and shape for error messages, such as <c>int64 [4, 7]</c>.</summary>
    internal abstract string Description { get; }

    /// <summary>The shape that error messages name.</summary>
    internal abstract System.Collections.Immutable.ImmutableArray<int> FullShape { get; }

    /// <summary>A run of rows; shares storage.</summary>
    internal abstract Column SliceRows(int start, int length);

    /// <summary>The rows in the order given, each as often as given; the indices are within the column.</summary>
    internal abstract Column GatherRows(ReadOnlySpan<int> rows);

    /// <summary>This column followed by others of the same key; the first of <paramref name="parts"/> is this one.</summary>
    internal abstract Column ConcatRows(string key, IReadOnlyList<Column> parts);

    /// <summary>Adds to each row's bytes what its entry takes on the wire.</summary>
    internal abstract void AddRowBytes(Span<long> bytes);
}
