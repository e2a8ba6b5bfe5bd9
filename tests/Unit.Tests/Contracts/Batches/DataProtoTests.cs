using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Wire;

namespace Fleet.Unit.Tests.Contracts.Batches;

public sealed class DataProtoTests
{
    [Fact]
    public void A_rows_bytes_are_those_of_its_text_ids_and_tensors_whatever_they_are_kept_in()
    {
        var batch = DataProto.FromSingleDict(
        [
            new("text", ValueColumn.OfText(["é", null, "abc"])),
            new("ids", TokenColumn.Of([[1, 2], [], [3]])),
            new("scores", Tensor.Of<float>([1, 2, 3, 4, 5, 6], 3, 2)),
            new("zeros", Tensor.Zeros(DType.Float32, 3, 1000)),
        ]);

        Assert.Equal([2 + 8 + 8, 0 + 0 + 8, 3 + 4 + 8], batch.RowBytes());
        Assert.Equal(batch.RowBytes(), BatchReader.Read(BatchWriter.Write(batch)).RowBytes());
        Assert.Equal([15, 18], batch.SelectIdxs((int[])[2, 0]).RowBytes());
    }

    [Fact]
    public void A_batch_knows_its_rows_and_keys()
    {
        var batch = Samples.Five();

        Assert.Equal(5, batch.Length);
        Assert.Equal(["a", "b", "c"], batch.Keys);
        Assert.Equal([5, 2], batch.Batch["a"].Shape);
    }

    [Fact]
    public void Values_alone_are_a_batch()
    {
        var batch = DataProto.Of(nonTensorBatch: new Dictionary<string, ValueColumn> { ["c"] = ValueColumn.OfText(["x", null]) });

        Assert.Equal(2, batch.Length);
        Assert.True(batch.NonTensorBatch["c"].IsNull(1));
    }

    [Fact]
    public void Columns_of_different_rows_are_refused_by_name_length_and_shape()
    {
        var fault = Assert.Throws<BatchShapeException>(() => Samples.Five().With("d", Tensor.Zeros(DType.Float32, 4, 7)));

        Assert.Equal("d", fault.Key);
        Assert.Equal((5, 4), (fault.ExpectedLength, fault.ActualLength));
        Assert.Equal(
            "Column 'd' has 4 rows and shape [4, 7] where 5 rows and shape [5, 2] were expected: " +
            "all columns of a batch have the same rows, so give it as many as the first column.", fault.Message);
        Assert.False(fault.IsTransient);
    }

    [Fact]
    public void One_key_names_one_column()
    {
        var twice = new[] { KeyValuePair.Create("a", (Column)Tensor.Zeros(DType.Bool, 1)), KeyValuePair.Create("a", (Column)ValueColumn.OfText(["x"])) };

        Assert.Equal("a", Assert.Throws<BatchKeyException>(() => DataProto.FromSingleDict(twice)).Key);
    }

    [Fact]
    public void With_moves_a_key_between_tensors_and_values()
    {
        var batch = Samples.Five().With("a", ValueColumn.OfText(["1", "2", "3", "4", "5"]));

        Assert.Equal(["b"], batch.Batch.Keys);
        Assert.Equal(["c", "a"], batch.NonTensorBatch.Keys);
        Assert.Equal(["b", "a"], batch.Without("c").Keys);
        Assert.Throws<BatchKeyException>(() => batch.Without("zz"));
    }

    [Fact]
    public void An_empty_batch_takes_the_rows_of_its_first_column() =>
        Assert.Equal(3, DataProto.Empty.With("a", Tensor.Zeros(DType.Bool, 3)).Length);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 4)]
    [InlineData(-1, 4)]
    [InlineData(-5, 0)]
    public void One_row_is_a_batch_also_from_the_end(int index, int row) => Assert.Equal([row], Samples.Rows(5)[index].N());

    [Theory]
    [InlineData(5)]
    [InlineData(-6)]
    public void A_row_outside_is_refused(int index)
    {
        var fault = Assert.Throws<FleetException>(() => Samples.Rows(5)[index]);

        Assert.Equal($"Index {index} at position 0 is outside a batch of 5 rows: use -5 to 4.", fault.Message);
    }

    [Fact]
    public void A_missing_key_says_which_are_there() => Assert.Equal(
        "Column 'd' is not in the batch, which has 'a', 'b', 'c': check the spelling, or add it first.",
        Assert.Throws<BatchKeyException>(() => Samples.Five()["d"]).Message);

    [Fact]
    public void Content_is_equal_whatever_the_order_of_keys()
    {
        var batch = Samples.Five();
        var turned = DataProto.FromSingleDict(batch.Keys.Reverse().Select(key => KeyValuePair.Create(key, batch[key])));

        Assert.True(batch.ContentEquals(turned));
        Assert.False(batch.ContentEquals(batch.WithMeta(MetaInfo.Empty.With("seed", 1))));
        Assert.False(batch.ContentEquals(batch.Rename("a", "d")));
        Assert.False(batch.ContentEquals(batch.Reorder([1, 0, 2, 3, 4])));
    }
}
