using System.Collections.Immutable;

namespace Fleet.Contracts.Batches;

/// <summary>Arithmetic over shapes; the first dimension is always the rows.</summary>
internal static class Shapes
{
    public static string Text(ImmutableArray<int> shape) => shape.IsDefault ? "[]" : $"[{string.Join(", ", shape)}]";

    /// <summary>How many elements one row has: the product of all dimensions but the first.</summary>
    public static long RowElements(ImmutableArray<int> shape)
    {
        long elements = 1;
        for (int axis = 1; axis < shape.Length; axis++) elements = checked(elements * shape[axis]);
        return elements;
    }

    public static ImmutableArray<int> WithRows(ImmutableArray<int> shape, int rows) => shape.SetItem(0, rows);

    public static bool SameRows(ImmutableArray<int> a, ImmutableArray<int> b) => a.AsSpan()[1..].SequenceEqual(b.AsSpan()[1..]);
}
