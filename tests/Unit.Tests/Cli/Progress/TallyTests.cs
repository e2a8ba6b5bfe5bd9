using System.Text.Json;
using Fleet.Cli.Progress;
using Fleet.Contracts.Names;
using Fleet.Dispatcher.Collecting;
using Fleet.Dispatcher.Rollouts;

namespace Fleet.Unit.Tests.Cli.Progress;

public sealed class TallyTests
{
    [Fact]
    public void What_judges_were_asked_is_summed_by_domain_whether_the_row_was_scored_or_not()
    {
        var tally = new Tally();
        tally.Add(Row("llm_judge", RowStatus.Scored, """{"judges":[],"usage":{"requests":2,"prompt_tokens":300,"completion_tokens":5,"cost":0.25}}"""));
        tally.Add(Row("llm_judge", RowStatus.Failed, """{"usage":{"requests":3,"prompt_tokens":100,"completion_tokens":0,"cost":0.5}}"""));
        tally.Add(Row("math_rule", RowStatus.Scored, null));

        var spent = tally.Domains.ToDictionary(domain => domain.Key, domain => domain.Value.Spent);
        Assert.Equal(new JudgeSpending(5, 400, 5, 0.75), spent["llm_judge"]);
        Assert.Equal(default, spent["math_rule"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("not \"usage\" json")]
    [InlineData("""{"usage":7}""")]
    [InlineData("""["usage"]""")]
    [InlineData("""{"other":{"usage":{"requests":1}}}""")]
    [InlineData("""{"usage":{"requests":"many"}}""")]
    public void A_detail_of_another_kind_says_nothing(string? detail) => Assert.Equal(default, JudgeSpending.Of(detail));

    private static RowReward Row(string domain, RowStatus status, string? detail) => new()
    {
        Row = Fleet.Dispatcher.Rollouts.Row.Of(1, JsonSerializer.SerializeToElement(new { id = 1 }), 10, int.MaxValue),
        Domain = domain,
        Outcome = new RowOutcome { Status = status, Score = status == RowStatus.Scored ? 1 : null, Reason = "judged", Detail = detail },
    };
}
