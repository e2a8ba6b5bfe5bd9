using Fleet.Rewards.Text;

namespace Fleet.Unit.Tests.Rewards.Text;

public sealed class RepetitionPenaltyTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("a b", 0)]
    [InlineData("a b c", 0)]
    [InlineData("a b c a b c", -0.125)]
    [InlineData("a a a a a", -0.33333)]
    [InlineData("The cat sat. the cat sat.", -0.125)]
    public void Share_of_repeated_three_word_grams(string text, double expected) =>
        Assert.Equal(expected, RepetitionPenalty.Of(text), 5);
}
