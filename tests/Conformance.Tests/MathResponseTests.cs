using Fleet.Rewards;

namespace Fleet.Conformance.Tests;

public sealed class MathResponseTests
{
    [Theory]
    [InlineData("math/responses_math.jsonl")]
    [InlineData("math/responses_gsm8k.jsonl")]
    [InlineData("math/responses_competition.jsonl")]
    [InlineData("math/responses_think.jsonl")]
    public void Responses_are_judged_at_least_as_well_as_by_the_reference(string file)
    {
        var tally = MathCases.Responses(file, Parity.Fixed);

        Assert.True(tally.Right >= tally.ReferenceRight, tally.Report);
    }

    [Theory]
    [InlineData("math/responses_math.jsonl")]
    [InlineData("math/responses_gsm8k.jsonl")]
    [InlineData("math/responses_competition.jsonl")]
    [InlineData("math/responses_think.jsonl")]
    public void Under_parity_responses_get_the_verdict_of_the_reference_worker(string file)
    {
        var tally = MathCases.Responses(file, Parity.Roll);

        Assert.True(tally.Share >= 99, tally.Report);
    }

    [Fact]
    public void Hedges_are_not_credited_and_honest_answers_are()
    {
        var tally = MathCases.Responses("math/hedges.jsonl", Parity.Fixed);

        Assert.True(tally.Right == tally.Count, tally.Report);
    }
}
