namespace Fleet.Conformance.Tests;

public sealed class MathPairTests
{
    [Theory]
    [InlineData("math/derived_pairs.jsonl", 99.7)]
    [InlineData("math/answer_pairs.jsonl", 99.7)]
    [InlineData("math/reported_issues.jsonl", 100.0)]
    public void Answers_in_pairs_are_judged_as_labelled(string file, double least)
    {
        var tally = MathCases.Pairs(file);

        Assert.True(tally.Share >= least, tally.Report);
    }

    [Fact]
    public void Derived_pairs_and_reported_issues_have_no_false_positive()
    {
        Assert.Equal(0, MathCases.Pairs("math/derived_pairs.jsonl").FalsePositives);
        Assert.Equal(0, MathCases.Pairs("math/reported_issues.jsonl").FalsePositives);
    }

    [Fact]
    public void The_tests_of_the_reference_hold()
    {
        var tally = MathCases.ReferenceTests("math/reference_tests.jsonl");

        Assert.True(tally.Right == tally.Count, tally.Report);
    }

    [Fact]
    public void Gold_answers_are_parsed_and_equal_themselves()
    {
        var tally = MathCases.GoldAnswers("math/gold_answers.jsonl");

        Assert.True(tally.Share >= 99.5, tally.Report);
    }
}
