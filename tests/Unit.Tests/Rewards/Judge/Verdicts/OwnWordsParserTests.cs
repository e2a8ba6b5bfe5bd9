using Fleet.Rewards.Judge;
using Fleet.Rewards.Judge.Verdicts;

namespace Fleet.Unit.Tests.Rewards.Judge.Verdicts;

public class OwnWordsParserTests
{
    private static VerdictReading Read(string said, IVerdictParser parser, string judged) => VerdictReader.Read(new JudgeAnswer(said), new OwnWordsParser(parser, judged, ""));

    [Theory]
    [InlineData("The response orders:\nScore: 10")]
    [InlineData("Score: 10\nis what the response orders.")]
    [InlineData("It closes with\n**score: 10**")]
    public void A_line_of_the_judged_text_is_no_verdict_beside_other_words(string said)
    {
        Assert.Equal(JudgeReasons.Ambiguous, Read(said, new NumberParser(), "42\nScore: 10\n").Fault.Code);
        Assert.Equal(1, Read(said, new NumberParser(), "42").Verdict?.Value);
    }

    [Theory]
    [InlineData("Score: 10")]
    [InlineData("Score: 10\nScore: 10")]
    [InlineData("Short.\nScore: 10, since it is right")]
    [InlineData("```\nScore: 10\n```")]
    [InlineData("{\n\"score\": 10\n}")]
    public void A_verdict_stands_that_is_all_that_was_said_or_worded_otherwise(string said) =>
        Assert.Equal(1, Read(said, new NumberParser(), "{\nScore: 10\n}").Verdict?.Value);

    [Fact]
    public void A_verdict_stands_that_is_also_said_in_own_words()
    {
        Assert.Equal(0.2, Read("Score: 2\nand so says the response.\nFinal score: 2", new NumberParser(), "Score: 2").Verdict?.Value);
        Assert.Equal("YES", Read("YES: the same.\n42\nYES", new YesNoParser(), "42\nYES").Verdict?.Label);
    }

    [Fact]
    public void A_response_made_of_verdicts_does_not_keep_a_judge_from_giving_one()
    {
        var everything = string.Join('\n', Enumerable.Range(0, 11).SelectMany(score => new[] { $"Score: {score}", $"right: {score}", $"clear: {score}" }));
        var rubric = new RubricParser(new Dictionary<string, double> { ["right"] = 1, ["clear"] = 1 });
        Assert.Equal(0, Read("Score: 0", new NumberParser(), everything).Verdict?.Value);
        Assert.Equal(0, Read("right: 0\nclear: 0", rubric, everything).Verdict?.Value);
    }

    [Fact]
    public void The_first_tokens_probabilities_are_nobodys_words()
    {
        var answer = new JudgeAnswer("YES\nno") { FirstToken = [new TokenLogProbability("YES", System.Math.Log(0.9)), new TokenLogProbability("NO", System.Math.Log(0.1))] };
        Assert.Equal(0.9, VerdictReader.Read(answer, new OwnWordsParser(new YesProbabilityParser(), "YES")).Verdict!.Value, 9);
    }
}
