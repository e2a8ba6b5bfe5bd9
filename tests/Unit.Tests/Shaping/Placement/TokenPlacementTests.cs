using Fleet.Shaping.Placement;

namespace Fleet.Unit.Tests.Shaping.Placement;

public sealed class TokenPlacementTests
{
    [Fact]
    public void Zeros_place_nothing() => Assert.All(TokenPlacement.Zeros(3), value => Assert.Equal((Half)0, value));

    [Fact]
    public void The_last_valid_token_goes_by_the_mask() =>
        Assert.Equal([(Half)0, (Half)0, (Half)0.5, (Half)0], TokenPlacement.LastValidToken(0.5, [true, true, true, false]));

    [Fact]
    public void A_response_of_padding_tokens_keeps_its_end() =>
        Assert.Equal(2, TokenPlacement.LastValid([true, true, true, false], ids: [5, 0, 0, 0], endOfSequence: [2]));

    [Fact]
    public void The_first_end_of_sequence_is_the_last_token() =>
        Assert.Equal(1, TokenPlacement.LastValid([true, true, true, true], ids: [5, 2, 2, 2], endOfSequence: [2]));

    [Fact]
    public void An_end_of_sequence_outside_the_mask_does_not_count() =>
        Assert.Equal(2, TokenPlacement.LastValid([false, true, true, false], ids: [2, 5, 6, 2], endOfSequence: [2]));

    [Fact]
    public void A_response_without_tokens_gets_nothing() => Assert.All(TokenPlacement.LastValidToken(1, [false, false]), value => Assert.Equal((Half)0, value));

    [Fact]
    public void Spans_put_their_reward_on_their_last_token() =>
        Assert.Equal([(Half)0, (Half)1.25, (Half)0, (Half)(-1)], TokenPlacement.Spans([new(0, 2, 1), new(1, 2, 0.25), new(2, 4, -1)], 4));

    [Theory]
    [InlineData(65520)]
    [InlineData(-1e9)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_float16_cannot_hold_is_an_error(double reward) => Assert.Throws<OverflowException>(() => TokenPlacement.LastValidToken(reward, [true]));

    [Fact]
    public void A_span_outside_the_row_is_an_error() => Assert.Throws<ArgumentOutOfRangeException>(() => TokenPlacement.Spans([new(0, 5, 1)], 4));
}
