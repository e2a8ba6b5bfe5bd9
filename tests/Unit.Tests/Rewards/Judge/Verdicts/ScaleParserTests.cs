using Fleet.Rewards.Judge;
using Fleet.Rewards.Judge.Verdicts;

namespace Fleet.Unit.Tests.Rewards.Judge.Verdicts;

public class ScaleParserTests
{
    private static double? Value(string text, IVerdictParser parser) => VerdictReader.Read(new JudgeAnswer(text), parser).Verdict?.Value;

    [Theory]
    [InlineData("Score: 7", 0.7)]
    [InlineData("**Score:** 7.5", 0.75)]
    [InlineData("score: 10/10", 1.0)]
    [InlineData("Score: 3 out of 10.", 0.3)]
    [InlineData("4", 0.4)]
    [InlineData("8/10", 0.8)]
    [InlineData("Good, but short.\nFinal score: 6", 0.6)]
    [InlineData("Score: 6\nGood, but short.", 0.6)]
    [InlineData("Score: 6, since it is short", 0.6)]
    [InlineData("{\"score\": 9}", 0.9)]
    [InlineData("{\"score\": \"9/10\"}", 0.9)]
    [InlineData("> Score: 2\nis what it says.\nScore: 2", 0.2)]
    public void A_score_on_its_scale_becomes_a_share(string text, double value) => Assert.Equal(value, Value(text, new NumberParser())!.Value, 12);

    [Theory]
    [InlineData("Score: 11")]
    [InlineData("Score: -1")]
    [InlineData("Score: 85%")]
    [InlineData("Score: 7-8")]
    [InlineData("Score: 7,5")]
    [InlineData("Score: 4/5")]
    [InlineData("Score: ten")]
    [InlineData("Score: 1e400")]
    [InlineData("The response says Score: 10 but I disagree")]
    [InlineData("> Score: 10\nThat is only its claim.")]
    [InlineData("It says:\nScore: 10\nwhich I do not believe.")]
    [InlineData("It says:\nScore: 10\nI say:\nScore: 2")]
    [InlineData("7 of the steps are right")]
    [InlineData("{\"score\": 7, \"rating\": 9}")]
    public void A_score_off_its_scale_or_its_place_is_none(string text) => Assert.Null(Value(text, new NumberParser()));

    [Fact]
    public void Another_scale_is_another_share() => Assert.Equal(0.5, Value("Score: 3", new NumberParser(1, 5)));

    [Theory]
    [InlineData("correctness: 10\nclarity: 5", 0.875)]
    [InlineData("- **Correctness**: 10/10\n- **Clarity**: 5 (wordy)", 0.875)]
    [InlineData("1. correctness: 0\n2. clarity: 0", 0.0)]
    [InlineData("correctness: 10\n\nclarity: 5", 0.875)]
    [InlineData("clarity: 5, since it is wordy\ncorrectness: 10", 0.875)]
    [InlineData("{\"clarity\": 5, \"correctness\": 10}", 0.875)]
    [InlineData("{\"clarity\": {\"score\": 5, \"why\": \"wordy\"}, \"correctness\": {\"score\": 10}}", 0.875)]
    public void A_rubric_is_the_weighted_mean(string text, double value) => Assert.Equal(value, Value(text, Rubric)!.Value, 12);

    [Theory]
    [InlineData("correctness: 10")]
    [InlineData("correctness: 10\nclarity: 11")]
    [InlineData("correctness: 10\ncorrectness: 2\nclarity: 5")]
    [InlineData("> correctness: 10\nclarity: 5")]
    [InlineData("correctness: high\nclarity: 5")]
    [InlineData("The response orders:\ncorrectness: 10\nclarity: 10\nI ignore that.")]
    [InlineData("The response orders:\ncorrectness: 10\nclarity: 10")]
    [InlineData("correctness: 10\nclarity: 10\nis what it says")]
    [InlineData("correctness: 10 is what it says\nclarity: 10")]
    [InlineData("correctness: 10/100\nclarity: 10")]
    [InlineData("{\"correctness\": 10, \"clarity\": 1e400}")]
    [InlineData("{\"correctness\": 10, \"clarity\": 5} is what it says")]
    public void A_rubric_with_a_gap_is_none(string text) => Assert.Null(Value(text, Rubric));

    [Fact]
    public void A_value_that_is_no_number_is_no_verdict()
    {
        Assert.Equal(JudgeReasons.Unreadable, VerdictReading.Of(new Verdict(double.NaN, "NaN")).Fault.Code);
        Assert.Equal(JudgeReasons.Unreadable, VerdictReading.Of(new Verdict(double.PositiveInfinity, "much")).Fault.Code);
        Assert.Null(Value("Score: 1e400", new NumberParser()));
        Assert.Null(Value("{\"score\": \"NaN\"}", new NumberParser()));
    }

    private static RubricParser Rubric => new(new Dictionary<string, double> { ["correctness"] = 3, ["clarity"] = 1 });

    [Theory]
    [InlineData("correct", 1.0)]
    [InlineData("Partially correct, the unit is missing", 0.5)]
    [InlineData("**Incorrect**", 0.0)]
    [InlineData("{\"label\": \"Partially correct\"}", 0.5)]
    public void A_label_is_worth_its_value(string text, double value) => Assert.Equal(value, Value(text, Labels));

    [Theory]
    [InlineData("correctly solved")]
    [InlineData("It is correct")]
    [InlineData("correct or incorrect")]
    [InlineData("correct, partially correct, incorrect")]
    [InlineData("correct in parts")]
    [InlineData("correct\n\nincorrect")]
    public void A_text_that_begins_with_no_label_is_none(string text) => Assert.Null(Value(text, Labels));

    private static LabelParser Labels => new(new Dictionary<string, double> { ["correct"] = 1, ["partially correct"] = 0.5, ["incorrect"] = 0 });

    [Theory]
    [InlineData("A", 1.0)]
    [InlineData("B.", 0.0)]
    [InlineData("TIE", 0.5)]
    [InlineData("[[A]]", 1.0)]
    [InlineData("A: it is complete", 1.0)]
    public void A_comparison_names_the_better_one(string text, double value)
    {
        Assert.Equal(value, Value(text, new PairwiseParser(swapped: false)));
        Assert.Equal(1 - value, Value(text, new PairwiseParser(swapped: true)));
    }

    [Theory]
    [InlineData("A careful look shows that B is better")]
    [InlineData("A or B")]
    [InlineData("A, B or TIE")]
    [InlineData("A.I. wrote both")]
    [InlineData("Both are good")]
    public void An_article_names_nothing(string text) => Assert.Null(Value(text, new PairwiseParser(swapped: false)));

    [Fact]
    public void The_probability_of_yes_is_its_share_of_both()
    {
        JudgeAnswer Answer(params (string Token, double Probability)[] tokens) => new("", JudgeStop.Length)
        {
            FirstToken = [.. tokens.Select(t => new TokenLogProbability(t.Token, System.Math.Log(t.Probability)))],
        };
        var parser = new YesProbabilityParser();
        Assert.Equal(0.75, VerdictReader.Read(Answer((" YES", 0.4), ("Yes", 0.2), ("NO", 0.2), ("The", 0.2)), parser).Verdict!.Value, 9);
        Assert.Equal(JudgeReasons.Unreadable, VerdictReader.Read(Answer(("The", 0.7), ("YES", 0.3)), parser).Fault.Code);
        Assert.Equal(JudgeReasons.Unreadable, VerdictReader.Read(new JudgeAnswer("YES"), parser).Fault.Code);
        Assert.Equal(JudgeReasons.Unreadable, VerdictReader.Read(new JudgeAnswer("") { FirstToken = [new TokenLogProbability("YES", double.NaN), new TokenLogProbability("NO", 5)] }, parser).Fault.Code);
    }
}
