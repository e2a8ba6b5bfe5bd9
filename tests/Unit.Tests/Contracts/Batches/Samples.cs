using System.Text.Json;
using CsCheck;
using Fleet.Contracts.Batches;

namespace Fleet.Unit.Tests.Contracts.Batches;

/// <summary>Batches for the tests: a small one that reads well, and generated ones with a column of every kind.</summary>
internal static class Samples
{
    public static readonly Gen<DataProto> Batch =
        from rows in Gen.Int[0, 9]
        from width in Gen.Int[0, 4]
        from bytes in Gen.Byte.Array[rows * width * 8]
        from zeros in Gen.Bool
        from tokens in Gen.Int[0, 151_643].Array[0, 5].Array[rows]
        from left in Gen.Bool
        from texts in Gen.OneOf(Gen.String, Gen.Const("é😀\0\n")).Null(0.2).Array[rows]
        from numbers in Gen.Double.Nullable(0.2).Array[rows]
        from flags in Gen.Bool.Nullable(0.2).Array[rows]
        from step in Gen.Int
        select DataProto.Of(
            new Dictionary<string, BatchColumn>
            {
                ["wide"] = zeros ? Tensor.Zeros(DType.Int64, rows, width) : Tensor.Wrap(DType.Int64, bytes, rows, width),
                ["half"] = Tensor.Wrap(DType.Float16, bytes.AsMemory(0, rows * width * 2), rows, width),
                ["masks"] = Tensor.Of(bytes.Take(rows * width).Select(value => value > 99).ToArray(), rows, width, 1),
                ["narrow"] = Tensor.Of(tokens.Select(row => (float)row.Length).ToArray(), rows),
                ["kept"] = Tensor.Of(flags.Select(flag => flag ?? false).ToArray(), rows),
                ["responses"] = TokenColumn.Of(tokens, 8, left ? PadSide.Left : PadSide.Right, 151_643),
            },
            new Dictionary<string, ValueColumn>
            {
                ["text"] = ValueColumn.OfText([.. texts.Select(WellFormed)]),
                ["number"] = ValueColumn.OfNumbers(numbers),
                ["flag"] = ValueColumn.OfFlags(flags),
                ["json"] = ValueColumn.OfJsonText([.. numbers.Select((number, row) => number is null ? null : $"{{\"row\":[{row},\"é\"]}}")]),
            },
            MetaInfo.Empty.With("global_step", step).With("name", "a\"b"));

    /// <summary>Five rows: a [5, 2], b [5, 3] and the texts c.</summary>
    public static DataProto Five() => DataProto.Of(
        new Dictionary<string, BatchColumn>
        {
            ["a"] = Tensor.Of(Enumerable.Range(0, 10).ToArray(), 5, 2),
            ["b"] = Tensor.Of(Enumerable.Range(0, 15).Select(value => (long)value).ToArray(), 5, 3),
        },
        new Dictionary<string, ValueColumn> { ["c"] = ValueColumn.OfText(["A", "B", "A", "B", "A"]) });

    public static DataProto Rows(int rows) => DataProto.Of(
        new Dictionary<string, BatchColumn> { ["n"] = Tensor.Of(Enumerable.Range(0, rows).ToArray(), rows) });

    public static int[] N(this DataProto batch) => ((Tensor)batch.Batch["n"]).Span<int>().ToArray();

    public static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    /// <summary>UTF-8 has no form for half of a surrogate pair.</summary>
    private static string? WellFormed(string? text) =>
        text is null ? null : System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
