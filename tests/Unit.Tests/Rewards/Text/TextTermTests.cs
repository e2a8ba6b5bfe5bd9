using System.Text.Json;
using Fleet.Rewards;

namespace Fleet.Unit.Tests.Rewards.Text;

public sealed class TextTermTests
{
    [Theory]
    [InlineData("<think>a</think><answer>b</answer>", 1)]
    [InlineData(" <think>a\nb</think>\n<answer>b</answer>\n", 1)]
    [InlineData("<answer>b</answer>", 0)]
    public void Format_is_the_whole_pattern(string response, double score) => Assert.Equal(score, Score("format", response));

    [Fact]
    public void Format_takes_a_pattern_of_its_own() => Assert.Equal(1, Score("format", "ANSWER: 4", settings: ("pattern", "\"^ANSWER: \\\\d+$\"")));

    [Theory]
    [InlineData("\"(a\"")]
    [InlineData("\"(?=a)\"")]
    [InlineData("\"(a)\\\\1\"")]
    public void A_pattern_that_could_take_for_ever_is_refused(string pattern) =>
        Assert.ThrowsAny<ArgumentException>(() => Score("format", "a", settings: ("pattern", pattern)));

    [Theory]
    [InlineData("a b c a b c", -0.125)]
    [InlineData("a b c", 0)]
    public void Repetition_is_the_share_of_repeated_triples(string response, double score) => Assert.Equal(score, Score("repetition", response)!.Value, 12);

    [Fact]
    public void Repetition_takes_other_sizes()
    {
        Assert.Equal(-0.5 * 0.5, Score("repetition", "a b a b", settings: ("ngram_size", "1"))!.Value, 12);
        Assert.Equal(-0.5 / 3, Score("repetition", "a b a b", settings: ("ngram_size", "2"))!.Value, 12);
    }

    [Theory]
    [InlineData(0, -0.5)]
    [InlineData(250, -0.25)]
    [InlineData(400, 0.0)]
    [InlineData(null, null)]
    public void Length_needs_tokens(int? tokens, double? score) => Assert.Equal(score, Score("length", "", tokens));

    [Theory]
    [InlineData("<think></think><answer></answer>", 1)]
    [InlineData("<think><think></think><answer>", 0.5)]
    [InlineData("", 0)]
    public void Tags_count_when_they_occur_once(string response, double score) => Assert.Equal(score, Score("tag_count", response));

    private static double? Score(string rule, string response, int? tokens = null, params (string Name, string Json)[] settings) =>
        RewardCatalog.Create(rule, new RewardSettings(Parity.Fixed, settings.ToDictionary(one => one.Name, one => JsonDocument.Parse(one.Json).RootElement)))!
            .Score(new Rollout { Response = response, ResponseTokens = tokens }, new ScoringContext()).Score;
}
