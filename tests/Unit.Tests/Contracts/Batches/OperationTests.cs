using CsCheck;
using Fleet.Contracts;
using Fleet.Contracts.Batches;

namespace Fleet.Unit.Tests.Contracts.Batches;

public sealed class OperationTests
{
    [Fact]
    public void Select_keeps_the_rows_and_null_keeps_all()
    {
        var batch = Samples.Five().WithMeta(MetaInfo.Empty.With("x", 1).With("y", 2));

        Assert.Equal(["a", "c"], batch.Select(["a"], ["c"]).Keys);
        Assert.Equal(5, batch.Select(["a"], []).Length);
        Assert.Equal(["a", "b", "c"], batch.Select().Keys);
        Assert.Equal(["y"], batch.Select(metaInfoKeys: ["y"]).MetaInfo.Keys);
        Assert.Throws<BatchKeyException>(() => batch.Select(["c"]));
        Assert.Throws<BatchKeyException>(() => batch.Select(metaInfoKeys: ["z"]));
    }

    [Fact]
    public void Pop_gives_both_halves_and_refuses_unknown_keys()
    {
        var (popped, remaining) = Samples.Five().Pop(["a"], ["c"]);

        Assert.Equal(["a", "c"], popped.Keys);
        Assert.Equal(["b"], remaining.Keys);
        Assert.Equal("zz", Assert.Throws<BatchKeyException>(() => Samples.Five().Pop(["zz"])).Key);
        Assert.Throws<BatchKeyException>(() => Samples.Five().Pop(nonTensorBatchKeys: ["a"]));
        Assert.Throws<BatchKeyException>(() => Samples.Five().Pop(metaInfoKeys: ["metrics"]));
    }

    [Fact]
    public void Rows_are_selected_by_index_mask_and_tensor()
    {
        var batch = Samples.Rows(5);

        Assert.Equal([4, 0, 0], batch.SelectIdxs([4, 0, -5]).N());
        Assert.Equal([1, 3], batch.SelectIdxs(new[] { false, true, false, true, false }).N());
        Assert.Equal([2, 2], batch.SelectIdxs(Tensor.Of([2L, -3])).N());
        Assert.Equal([4], batch.SelectIdxs(Tensor.Of([false, false, false, false, true])).N());
        Assert.Empty(batch.SelectIdxs(new List<int>()).N());
        Assert.Throws<BatchShapeException>(() => batch.SelectIdxs(new[] { true }));
        Assert.Throws<FleetException>(() => batch.SelectIdxs(Tensor.Of([1f])));
        Assert.Throws<FleetException>(() => batch.SelectIdxs(Tensor.Of([long.MaxValue])));
    }

    [Theory]
    [InlineData(1, 3, 1)]
    [InlineData(null, null, 1)]
    [InlineData(-2, null, 1)]
    [InlineData(null, -2, 1)]
    [InlineData(-100, 100, 1)]
    [InlineData(4, 1, 1)]
    [InlineData(7, 9, 1)]
    [InlineData(null, null, 2)]
    [InlineData(1, null, 3)]
    [InlineData(null, null, -1)]
    [InlineData(3, 0, -2)]
    [InlineData(100, -100, -3)]
    [InlineData(-1, 0, 1)]
    [InlineData(int.MinValue, int.MaxValue, int.MaxValue)]
    [InlineData(int.MaxValue, int.MinValue, int.MinValue)]
    public void Slices_are_pythons(int? start, int? stop, int step)
    {
        const int rows = 5;
        // Python's definition: the indices range(*slice.indices(5)), spelled out.
        long first = Clip(start ?? (step > 0 ? 0 : long.MaxValue), step), last = Clip(stop ?? (step > 0 ? long.MaxValue : long.MinValue), step);
        var expected = new List<int>();
        for (long at = first; step > 0 ? at < last : at > last; at += step) expected.Add((int)at);

        Assert.Equal(expected, Samples.Rows(rows).Slice(start, stop, step).N());

        static long Clip(long bound, int step)
        {
            if (bound is < 0 and > long.MinValue) bound += rows;
            return step > 0 ? Math.Clamp(bound, 0, rows) : Math.Clamp(bound, -1, rows - 1);
        }
    }

    [Fact]
    public void A_step_of_zero_is_refused() => Assert.Throws<FleetException>(() => Samples.Rows(5).Slice(step: 0));

    [Theory]
    [InlineData(10, 4, new[] { 3, 3, 2, 2 })]
    [InlineData(9, 4, new[] { 3, 2, 2, 2 })]
    [InlineData(5, 5, new[] { 1, 1, 1, 1, 1 })]
    [InlineData(2, 4, new[] { 1, 1, 0, 0 })]
    [InlineData(0, 3, new[] { 0, 0, 0 })]
    [InlineData(7, 1, new[] { 7 })]
    public void Chunks_have_the_sizes_of_array_split(int rows, int chunks, int[] sizes)
    {
        var parts = Samples.Rows(rows).Chunk(chunks);

        Assert.Equal(sizes, parts.Select(part => part.Length));
        Assert.All(parts, part => Assert.Equal(["n"], part.Keys));
        Assert.Equal(Enumerable.Range(0, rows), parts.SelectMany(part => part.N()));
    }

    [Fact]
    public void What_is_only_said_is_chunked_into_copies()
    {
        var message = DataProto.Empty.WithMeta(MetaInfo.Empty.With("global_step", 3));

        Assert.Equal(0, message.Length);
        Assert.Equal([3, 3, 3], message.Chunk(3).Select(part => part.MetaInfo["global_step"].GetInt32()));
        Assert.Throws<FleetException>(() => message.Chunk(0));
    }

    [Fact]
    public void Split_gives_pieces_of_one_size()
    {
        Assert.Equal([2, 2, 1], Samples.Rows(5).Split(2).Select(part => part.Length));
        Assert.Equal([0], Samples.Rows(0).Split(2).Select(part => part.Length));
        Assert.Throws<FleetException>(() => Samples.Rows(5).Split(0));
    }

    [Fact]
    public void Concat_appends_rows_of_every_kind()
    {
        var joined = DataProto.Concat([Samples.Five(), Samples.Five()]);

        Assert.Equal(10, joined.Length);
        Assert.Equal(["A", "B", "A", "B", "A", "A", "B", "A", "B", "A"], Enumerable.Range(0, 10).Select(joined.NonTensorBatch["c"].Text));
        Assert.Equal(0, DataProto.Concat([]).Length);
    }

    [Fact]
    public void Concat_names_a_part_that_lacks_a_column()
    {
        var fault = Assert.Throws<BatchKeyException>(() => DataProto.Concat([Samples.Five(), Samples.Five().Without("c")]));

        Assert.Equal(
            "Column 'c' is in part 0 but not in part 1, which has 'a', 'b': give every part the same columns before joining them.", fault.Message);
        Assert.Throws<BatchKeyException>(() => DataProto.Concat([Samples.Five().Without("a"), Samples.Five()]));
    }

    [Fact]
    public void Concat_names_a_column_of_another_shape_or_type()
    {
        static DataProto Batch(Column column) => DataProto.Empty.With("x", column);
        var first = Batch(Tensor.Zeros(DType.Int32, 2, 3));

        var fault = Assert.Throws<BatchShapeException>(() => DataProto.Concat([first, Batch(Tensor.Zeros(DType.Int32, 1, 4))]));
        Assert.Equal(("x", "1 3", "1 4"), (fault.Key, string.Join(' ', fault.ExpectedShape), string.Join(' ', fault.ActualShape)));
        Assert.Throws<BatchShapeException>(() => DataProto.Concat([first, Batch(Tensor.Zeros(DType.Int64, 2, 3))]));
        Assert.Throws<BatchShapeException>(() => DataProto.Concat([first, Batch(TokenColumn.Of([[1]]))]));
        Assert.Throws<BatchShapeException>(() => DataProto.Concat([first, Batch(ValueColumn.OfText(["x"]))]));
        Assert.Throws<BatchShapeException>(() => DataProto.Concat([Batch(ValueColumn.OfText(["x"])), first]));
    }

    [Fact]
    public void Values_whose_rows_have_different_inner_shapes_are_joined()
    {
        static DataProto Batch(params string[] values) => DataProto.Empty.With("v", ValueColumn.OfJsonText(values));
        var joined = DataProto.Concat([Batch("[1,2]", "[]"), Batch("[[1],[2,3]]")]);

        Assert.Equal(["[1,2]", "[]", "[[1],[2,3]]"], Enumerable.Range(0, 3).Select(joined.NonTensorBatch["v"].Text));
    }

    [Fact]
    public void Union_puts_columns_side_by_side()
    {
        var left = Samples.Five().Without("b").WithMeta(MetaInfo.Empty.With("x", 1));
        var both = left.Union(Samples.Five().Without("a").WithMeta(MetaInfo.Empty.With("y", 2)));

        Assert.Equal(["a", "b", "c"], both.Keys);
        Assert.Equal(["x", "y"], both.MetaInfo.Keys);
        Assert.Equal(5, DataProto.Empty.Union(left).Length);
        Assert.Equal(5, left.Union(DataProto.Empty).Length);
    }

    [Fact]
    public void Union_refuses_other_rows_and_other_values()
    {
        var batch = Samples.Rows(3);

        Assert.Throws<BatchShapeException>(() => batch.Union(Samples.Rows(2).Rename("n", "m")));
        Assert.Equal("n", Assert.Throws<BatchShapeException>(() => batch.Union(batch.Reorder([2, 1, 0]))).Key);
        Assert.True(batch.Union(batch).ContentEquals(batch));
        Assert.Throws<FleetException>(() => batch.WithMeta(MetaInfo.Empty.With("x", 1)).Union(batch.WithMeta(MetaInfo.Empty.With("x", 2))));
    }

    [Fact]
    public void Equal_nan_values_are_equal_in_a_union()
    {
        var batch = DataProto.Empty.With("t", Tensor.Of([double.NaN])).With("v", ValueColumn.OfNumbers([double.NaN]));

        Assert.True(batch.Union(batch).ContentEquals(batch));
    }

    [Fact]
    public void Rename_takes_the_old_key_away_and_can_swap_two()
    {
        var renamed = Samples.Five().Rename("a", "alpha").Rename(["b", "c"], ["c", "b"]);

        Assert.Equal(["alpha", "c", "b"], renamed.Keys);
        Assert.Equal([5, 3], renamed.Batch["c"].Shape);
        Assert.Throws<BatchKeyException>(() => Samples.Five().Rename("a", "b"));
        Assert.Throws<BatchKeyException>(() => Samples.Five().Rename("zz", "y"));
        Assert.Throws<FleetException>(() => Samples.Five().Rename(["a"], []));
    }

    [Fact]
    public void Reorder_asks_for_every_row_once()
    {
        Assert.Equal([2, 0, 1], Samples.Rows(3).Reorder([2, 0, 1]).N());
        Assert.Throws<FleetException>(() => Samples.Rows(3).Reorder([0, 0, 1]));
        Assert.Throws<FleetException>(() => Samples.Rows(3).Reorder([0, 1, 3]));
        Assert.Throws<BatchShapeException>(() => Samples.Rows(3).Reorder([0, 1]));
    }

    [Fact]
    public void Repeat_interleaves_or_tiles()
    {
        Assert.Equal([0, 0, 1, 1], Samples.Rows(2).Repeat().N());
        Assert.Equal([0, 1, 0, 1, 0, 1], Samples.Rows(2).Repeat(3, interleave: false).N());
        Assert.Empty(Samples.Rows(2).Repeat(0).N());
        Assert.Throws<FleetException>(() => Samples.Rows(2).Repeat(-1));
    }

    [Theory]
    [InlineData(7, 4, 1, new[] { 0, 1, 2, 3, 4, 5, 6, 0 })]
    [InlineData(8, 4, 0, new[] { 0, 1, 2, 3, 4, 5, 6, 7 })]
    [InlineData(3, 4, 1, new[] { 0, 1, 2, 0 })]
    [InlineData(0, 4, 0, new int[0])]
    [InlineData(1, 4, 3, new[] { 0, 0, 0, 0 })]
    public void Padding_takes_rows_from_the_front(int rows, int divisor, int padSize, int[] expected)
    {
        var (padded, added) = Samples.Rows(rows).PadToDivisor(divisor);

        Assert.Equal(padSize, added);
        Assert.Equal(expected, padded.N());
        Assert.Equal(rows, padded.Unpad(added).Length);
    }

    [Fact]
    public void Padding_keeps_what_is_said_as_it_was()
    {
        var meta = MetaInfo.OfObject(Samples.Json("{\"metrics\":{\"acc\":[0.5]}}"));

        Assert.True(meta.ContentEquals(Samples.Rows(3).WithMeta(meta).PadToDivisor(4).Padded.MetaInfo));
        Assert.Throws<FleetException>(() => Samples.Rows(3).PadToDivisor(0));
        Assert.Throws<FleetException>(() => Samples.Rows(3).Unpad(4));
        Assert.Throws<FleetException>(() => Samples.Rows(3).Unpad(-1));
    }

    [Fact]
    public void Mini_batches_follow_the_seed()
    {
        static int[] Walk(int? seed) => [.. Samples.Rows(6).MakeIterator(2, 2, seed).SelectMany(batch => batch.N())];

        Assert.Equal([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5], Walk(null));
        Assert.Equal(Walk(4), Walk(4));
        Assert.NotEqual(Walk(4), Walk(5));
        Assert.Equal(Enumerable.Range(0, 6), Walk(4).Take(6).Order());
        Assert.NotEqual(Walk(4).Take(6), Walk(4).Skip(6));
        Assert.Throws<FleetException>(() => Samples.Rows(6).MakeIterator(4));
        Assert.Throws<FleetException>(() => Samples.Rows(6).MakeIterator(2, 0));
    }

    [Fact]
    public void Chunks_joined_are_the_original() => Samples.Batch.Select(Gen.Int[1, 12]).Sample(
        (batch, chunks) => DataProto.Concat(batch.Chunk(chunks)).ContentEquals(batch), iter: 300, seed: "0000KOIPe036");

    [Fact]
    public void Reordering_by_the_inverse_is_the_original() => Samples.Batch.Select(Gen.Int).Sample((batch, seed) =>
    {
        int[] order = [.. Enumerable.Range(0, batch.Length)];
        new Random(seed).Shuffle(order);
        var inverse = new int[order.Length];
        for (int i = 0; i < order.Length; i++) inverse[order[i]] = i;
        return batch.Reorder(order).Reorder(inverse).ContentEquals(batch);
    }, iter: 300, seed: "0000KOIPe036");

    [Fact]
    public void Unpadding_is_the_original() => Samples.Batch.Select(Gen.Int[1, 7]).Sample((batch, divisor) =>
    {
        var (padded, padSize) = batch.PadToDivisor(divisor);
        return padded.Length % divisor == 0 && padded.Unpad(padSize).ContentEquals(batch);
    }, iter: 300, seed: "0000KOIPe036");

    [Fact]
    public void Every_row_of_a_repetition_is_its_original() => Samples.Batch.Select(Gen.Int[1, 4], Gen.Bool).Sample((batch, times, interleave) =>
    {
        var repeated = batch.Repeat(times, interleave);
        return Enumerable.Range(0, repeated.Length)
            .All(row => repeated[row].ContentEquals(batch[interleave ? row / times : row % batch.Length]));
    }, iter: 100, seed: "0000KOIPe036");
}
