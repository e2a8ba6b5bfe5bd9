using CsCheck;
using Fleet.Contracts;
using Fleet.Contracts.Batches;

namespace Fleet.Unit.Tests.Contracts.Batches;

public sealed class TokenColumnTests
{
    [Fact]
    public void Responses_are_padded_on_the_right_and_prompts_on_the_left()
    {
        int[][] rows = [[1, 2], [], [3, 4, 5]];

        Assert.Equal([1L, 2, 9, 9, 9, 9, 9, 9, 3, 4, 5, 9], TokenColumn.Of(rows, 4, PadSide.Right, 9).ToPadded().Span<long>().ToArray());
        Assert.Equal([9L, 9, 1, 2, 9, 9, 9, 9, 9, 3, 4, 5], TokenColumn.Of(rows, 4, PadSide.Left, 9).ToPadded().Span<long>().ToArray());
        Assert.Equal(
            [false, true, true, false, false, false, true, true, true],
            TokenColumn.Of(rows, null, PadSide.Left, 9).ToMask().Span<bool>().ToArray());
    }

    [Fact]
    public void A_row_longer_than_the_width_is_refused() => Assert.Equal(
        "A row of 3 tokens does not fit the padded width 2: give a width of at least 3.",
        Assert.Throws<FleetException>(() => TokenColumn.Of([[1, 2, 3]], 2)).Message);

    [Fact]
    public void Padding_without_a_mask_is_the_run_of_pad_ids_at_its_end()
    {
        var ids = Tensor.Of([0L, 7, 0, 0, 0, 0, 0, 0], 2, 4);

        Assert.Equal([0, 7], TokenColumn.FromPadded(ids).Row(0).ToArray());
        Assert.Equal([7, 0, 0], TokenColumn.FromPadded(ids, padSide: PadSide.Left).Row(0).ToArray());
        Assert.Empty(TokenColumn.FromPadded(ids).Row(1).ToArray());
        Assert.Empty(TokenColumn.FromPadded(ids, padSide: PadSide.Left).Row(1).ToArray());
    }

    [Fact]
    public void A_mask_keeps_an_end_token_that_is_the_pad_token()
    {
        var ids = Tensor.Of([7L, 0, 0, 0], 1, 4);

        foreach (Tensor mask in new[] { Tensor.Of([1L, 1, 0, 0], 1, 4), Tensor.Of([true, true, false, false], 1, 4), Tensor.Of([1f, 1, 0, 0], 1, 4) })
        {
            Assert.Equal([7, 0], TokenColumn.FromPadded(ids, mask).Row(0).ToArray());
        }

        Assert.Equal([0, 0, 0], TokenColumn.FromPadded(ids, Tensor.Of([0L, 1, 1, 1], 1, 4), PadSide.Left).Row(0).ToArray());
    }

    [Fact]
    public void Ids_beyond_32_bits_are_refused_by_row_and_position() => Assert.Equal(
        "The id 4294967296 at row 1, position 0 is no token id: ids are 32-bit integers.",
        Assert.Throws<FleetException>(() => TokenColumn.FromPadded(Tensor.Of([1L, 4294967296], 2, 1))).Message);

    [Fact]
    public void A_mask_of_another_shape_is_refused() => Assert.Equal(
        "mask", Assert.Throws<BatchShapeException>(() => TokenColumn.FromPadded(Tensor.Of([1L, 2], 2, 1), Tensor.Of([1L, 2], 1, 2))).Key);

    [Fact]
    public void Joined_columns_take_the_widest_width_and_refuse_another_padding()
    {
        static DataProto Batch(TokenColumn column) => DataProto.Empty.With("responses", column);
        var joined = DataProto.Concat([Batch(TokenColumn.Of([[1]], 3)), Batch(TokenColumn.Of([[2, 3]], 5))]);

        Assert.Equal([2, 5], joined.Batch["responses"].Shape);
        Assert.Equal([2, 3], ((TokenColumn)joined["responses"]).Row(1).ToArray());
        Assert.Throws<BatchShapeException>(() => DataProto.Concat([Batch(TokenColumn.Of([[1]])), Batch(TokenColumn.Of([[1]], padId: 7))]));
    }

    [Fact]
    public void Ragged_of_padded_is_the_original() =>
        Gen.Select(Gen.Int[1, 9].Array[0, 6].Array[0, 6], Gen.Bool).Sample((rows, left) =>
        {
            var column = TokenColumn.Of(rows, 7, left ? PadSide.Left : PadSide.Right, 0);
            var back = TokenColumn.FromPadded(column.ToPadded(), null, column.PadSide, column.PadId);
            var masked = TokenColumn.FromPadded(column.ToPadded(), column.ToMask(), column.PadSide, column.PadId);
            return column.ContentEquals(back) && column.ContentEquals(masked);
        }, iter: 300, seed: "0000KOIPe036");
}
