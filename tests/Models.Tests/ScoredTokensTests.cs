using Fleet.Contracts.Batches;
using Fleet.Worker.Models;

namespace Fleet.Models.Tests;

public class ScoredTokensTests
{
    private const int Pad = 9;
    private const int End = 8;

    [Theory]
    [InlineData(new[] { 1, 2, 3 }, new[] { 0, 1, 2 })]
    [InlineData(new[] { 1, 2, 3, Pad, Pad }, new[] { 0, 1, 2 })]
    [InlineData(new[] { Pad, Pad, 1, 2, End }, new[] { 2, 3, 4 })]
    [InlineData(new[] { 1, Pad, 2, End, Pad }, new[] { 0, 1, 2, 3 })]
    [InlineData(new[] { 1, 2, End, End, End }, new[] { 0, 1, 2 })]
    [InlineData(new[] { 1, End, 2, End }, new[] { 0, 1, 2, 3 })]
    [InlineData(new[] { Pad, Pad }, new int[0])]
    public void Without_a_mask_padding_is_what_repeats_at_the_ends(int[] ids, int[] positions) => Assert.Equal(positions, ScoredTokens.Positions(ids, null, [End], Pad));

    [Fact]
    public void Where_padding_and_end_share_an_id_the_first_of_the_run_is_the_rows_own() =>
        Assert.Equal([0, 1, 2], ScoredTokens.Positions([1, 2, End, End, End], null, [End], End));

    [Fact]
    public void Where_padding_was_cut_already_an_id_that_pads_is_a_token() =>
        Assert.Equal([1, 2, 3], ScoredTokens.Positions([Pad, 1, 2, Pad], null, [End], Pad, PadSide.Right));

    [Fact]
    public void A_mask_is_believed_whatever_the_ids_are() =>
        Assert.Equal([1, 2, 3], ScoredTokens.Positions([Pad, 1, Pad, 2, End], [false, true, true, true, false], [End], Pad));
}
