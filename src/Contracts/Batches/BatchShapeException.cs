using System.Collections.Immutable;

namespace Fleet.Contracts.Batches;

/// <summary>Two columns, or a column and its batch, disagree about their lengths or shapes. Never transient.</summary>
public sealed class BatchShapeException : FleetException
{
    /// <summary>Creates the exception; its message names the key, both lengths and both shapes.</summary>
    /// <param name="key">The column that does not fit.</param>
    /// <param name="expectedShape">The shape that the rest of the batch has or asks for.</param>
    /// <param name="actualShape">The shape that was found.</param>
    /// <param name="advice">What was being done and what to do about it: the end of the sentence.</param>
    public BatchShapeException(string key, ImmutableArray<int> expectedShape, ImmutableArray<int> actualShape, string advice)
        : base(Sentence(key, expectedShape, actualShape, advice))
    {
        Key = key;
        ExpectedShape = expectedShape;
        ActualShape = actualShape;
    }

    /// <summary>The column that does not fit.</summary>
    public string Key { get; }

    /// <summary>The shape that was expected; the first number is the rows.</summary>
    public ImmutableArray<int> ExpectedShape { get; }

    /// <summary>The shape that was found; the first number is the rows.</summary>
    public ImmutableArray<int> ActualShape { get; }

    /// <summary>The rows that were expected.</summary>
    public int ExpectedLength => Rows(ExpectedShape);

    /// <summary>The rows that were found.</summary>
    public int ActualLength => Rows(ActualShape);

    private static int Rows(ImmutableArray<int> shape) => shape.IsDefaultOrEmpty ? 0 : shape[0];

    private static string Sentence(string key, ImmutableArray<int> expected, ImmutableArray<int> actual, string advice) =>
        $"Column {Quoted.Clip(key)} has {Rows(actual)} rows and shape {Shapes.Text(actual)} where {Rows(expected)} rows and shape " +
        $"{Shapes.Text(expected)} were expected: {advice}.";
}
