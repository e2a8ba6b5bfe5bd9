using Fleet.Contracts;
using Fleet.Contracts.Batches;

namespace Fleet.Unit.Tests.Contracts.Batches;

public sealed class TensorTests
{
    [Fact]
    public void Elements_are_row_major_and_little_endian()
    {
        var tensor = Tensor.Of([1, 2, 3, 258], 2, 2);

        Assert.Equal(DType.Int32, tensor.DType);
        Assert.Equal([3, 258], tensor.Row<int>(1).ToArray());
        Assert.Equal([2, 1, 0, 0], tensor.Data[^4..].ToArray());
    }

    [Fact]
    public void Each_element_type_is_known()
    {
        Assert.Equal(DType.Bool, Tensor.Of([true]).DType);
        Assert.Equal(DType.UInt8, Tensor.Of<byte>([1]).DType);
        Assert.Equal(DType.Int64, Tensor.Of([1L]).DType);
        Assert.Equal(DType.Float16, Tensor.Of([(Half)1]).DType);
        Assert.Equal(DType.Float32, Tensor.Of([1f]).DType);
        Assert.Equal(DType.Float64, Tensor.Of([1d]).DType);
        Assert.Contains("Char", Assert.Throws<FleetException>(() => Tensor.Of(['a'])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shape_that_does_not_fit_is_refused() => Assert.Equal(
        "A tensor of 12 bytes cannot be int32 [2, 2], which takes 16 bytes: give a shape that fits.",
        Assert.Throws<FleetException>(() => Tensor.Of([1, 2, 3], 2, 2)).Message);

    [Fact]
    public void A_negative_dimension_or_none_is_refused()
    {
        Assert.Throws<FleetException>(() => Tensor.Zeros(DType.Bool, 2, -1));
        Assert.Throws<FleetException>(() => Tensor.Zeros(DType.Bool));
    }

    [Fact]
    public void A_shape_beyond_memory_is_refused_and_not_allocated() =>
        Assert.Contains("cut the batch", Assert.Throws<FleetException>(() => Tensor.Zeros(DType.Int64, int.MaxValue, int.MaxValue, 8)).Message, StringComparison.Ordinal);

    [Fact]
    public void Zeros_have_no_storage_until_it_is_asked_for()
    {
        var zeros = Tensor.Zeros(DType.Float16, 1_000_000, 500);

        Assert.True(zeros.IsZero);
        Assert.Equal(500_000_000, zeros.ElementCount);
        Assert.Equal([0f, 0f], Tensor.Zeros(DType.Float32, 2).Span<float>().ToArray());
        Assert.True(Tensor.Zeros(DType.Int32, 2).ContentEquals(Tensor.Of([0, 0])));
        Assert.True(Tensor.Of([0, 0]).ContentEquals(Tensor.Zeros(DType.Int32, 2)));
        Assert.False(Tensor.Of([0, 1]).ContentEquals(Tensor.Zeros(DType.Int32, 2)));
    }

    [Fact]
    public void Zeros_joined_with_values_keep_their_place()
    {
        var zeros = Samples.Rows(0).Without("n").With("n", Tensor.Zeros(DType.Int32, 2));

        Assert.Equal([0, 0, 0, 1, 0, 0], DataProto.Concat([zeros, Samples.Rows(2), zeros]).N());
        Assert.True(((Tensor)DataProto.Concat([zeros, zeros])["n"]).IsZero);
    }

    [Fact]
    public void Reading_as_another_type_is_refused() => Assert.Equal(
        "A tensor of int32 was read as Int64: read it as its own type, or convert it first.",
        Assert.Throws<FleetException>(() => Tensor.Of([1]).Span<long>()).Message);

    [Fact]
    public void Values_are_copied_from_the_caller()
    {
        int[] mine = [1, 2];
        var tensor = Tensor.Of(mine);
        mine[0] = 9;

        Assert.Equal(1, tensor.Span<int>()[0]);
    }
}
