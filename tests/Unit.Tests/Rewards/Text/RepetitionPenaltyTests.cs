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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Grams_of_any_size_are_told_apart(int size)
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            var words = Enumerable.Range(0, random.Next(40)).Select(_ => $"w{random.Next(4)}").ToArray();
            var grams = Enumerable.Range(0, System.Math.Max(0, words.Length - size + 1)).Select(i => string.Join(' ', words.Skip(i).Take(size))).ToArray();
            var expected = grams.Length == 0 ? 0 : (1 - (double)grams.Distinct().Count() / grams.Length) * -0.5;
            Assert.Equal(expected, RepetitionPenalty.Of(string.Join(' ', words), size), 9);
        }
    }
}
