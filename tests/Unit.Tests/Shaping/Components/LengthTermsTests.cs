using CsCheck;
using Fleet.Shaping.Components;

namespace Fleet.Unit.Tests.Shaping.Components;

public sealed class LengthTermsTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(900, 0)]
    [InlineData(950, -0.5)]
    [InlineData(1000, -1)]
    [InlineData(5000, -1)]
    public void Overlong_penalty_grows_over_the_buffer(int tokens, double penalty) =>
        Assert.Equal(penalty, new OverlongPenalty { MaxTokens = 1000, Buffer = 100 }.Of(tokens), 12);

    [Theory]
    [InlineData(0, true, 1)]
    [InlineData(500, true, 0.75)]
    [InlineData(0, false, -0.5)]
    [InlineData(500, false, -0.25)]
    [InlineData(1000, true, -0.5)]
    [InlineData(1000, false, -0.5)]
    public void Cosine_turns_from_short_to_long(int tokens, bool right, double reward) =>
        Assert.Equal(reward, new CosineLength { MaxTokens = 1000 }.Of(tokens, right), 12);

    [Theory]
    [InlineData(99, -0.5)]
    [InlineData(250, -0.25)]
    [InlineData(401, 0)]
    public void Short_responses_pay(int tokens, double penalty) => Assert.Equal(penalty, new ShortLengthPenalty().Of(tokens), 12);

    [Fact]
    public void Token_repetition_is_one_less_the_share_of_distinct_ngrams() =>
        Gen.Select(Gen.Int[0, 3].List[0, 60], Gen.Int[1, 6]).Sample((tokens, size) =>
        {
            var grams = Enumerable.Range(0, System.Math.Max(0, tokens.Count - size + 1)).Select(i => string.Join(' ', tokens.Skip(i).Take(size))).ToList();
            var expected = grams.Count == 0 ? 0 : (1 - (double)grams.Distinct().Count() / grams.Count) * -0.5;
            Assert.Equal(expected, new TokenRepetition { NGram = size }.Of(tokens), 12);
        });
}
