using Fleet.Rewards;
using Fleet.Rewards.Judge;
using Fleet.Rewards.Judge.Verdicts;

namespace Fleet.Unit.Tests.Rewards.Judge;

public class JudgeDecisionTests
{
    private static readonly Rollout Row = JudgePromptTests.Row("{}", prompt: "6 * 7?");

    private static JudgeDecision Decide(JudgePlanner planner, Rollout rollout, Func<JudgeAsk, string> judge) =>
        JudgeDecision.Of([.. planner.Plan(rollout).Asks.Select(ask => new JudgeObservation(ask, VerdictReader.Read(new JudgeAnswer(judge(ask)), ask.Parser), judge(ask)))], planner.Aggregate);

    [Fact]
    public void One_judge_one_verdict()
    {
        var planner = new JudgePlanner(JudgeTemplates.Rlvr, new JudgePlanOptions());
        Assert.Equal(1, Decide(planner, Row, _ => "YES").Score!.Score);
        Assert.Equal(0, Decide(planner, Row, _ => "NO").Score!.Score);
    }

    [Fact]
    public void Without_a_readable_verdict_there_is_no_score_at_all()
    {
        var decision = Decide(new JudgePlanner(JudgeTemplates.Default, new JudgePlanOptions()), Row, _ => "I would rather not say.");
        Assert.Null(decision.Score);
        Assert.Equal(JudgeReasons.Unreadable, decision.Failure.Code);
        Assert.Equal("I would rather not say.", (string?)decision.Detail["judges"]![0]!["said"]);
    }

    [Fact]
    public void The_majority_decides_and_the_others_are_reported()
    {
        var planner = new JudgePlanner(JudgeTemplates.Rlvr, new JudgePlanOptions { Judges = ["a", "b"], Samples = 2 });
        Assert.Equal(4, planner.Plan(Row).Asks.Count);
        var decision = Decide(planner, Row, ask => ask.Name == "b#1" ? "NO" : "YES");
        Assert.Equal(1, decision.Score!.Score);
        Assert.Equal(0.25, (double)decision.Detail["disagreement"]!);
        Assert.Equal(0, Decide(planner, Row, ask => ask.Judge == "a" ? "NO" : "YES").Score!.Score);
    }

    [Fact]
    public void Half_of_the_members_is_not_enough()
    {
        var planner = new JudgePlanner(JudgeTemplates.Rlvr, new JudgePlanOptions { Samples = 4 });
        Assert.Null(Decide(planner, Row, ask => ask.Sample < 2 ? "YES" : "perhaps").Score);
        Assert.Equal(1, Decide(planner, Row, ask => ask.Sample < 3 ? "YES" : "perhaps").Score!.Score);
    }

    [Fact]
    public void A_comparison_is_made_in_both_orders()
    {
        var row = JudgePromptTests.Row("""{"opponent_response":"41"}""", prompt: "6 * 7?");
        var planner = new JudgePlanner(JudgeTemplates.Pairwise, new JudgePlanOptions());
        Assert.Equal(1, Decide(planner, row, ask => ask.Swapped ? "B" : "A").Score!.Score);
        Assert.Equal(0, Decide(planner, row, ask => ask.Swapped ? "A" : "B").Score!.Score);
        var biased = Decide(planner, row, _ => "A");
        Assert.Equal(0.5, biased.Score!.Score);
        Assert.True((bool)biased.Detail["order_mattered"]!);
        Assert.Null(Decide(planner, row, ask => ask.Swapped ? "hm" : "A").Score);
    }

    [Fact]
    public void A_rubric_is_asked_in_both_orders()
    {
        var template = JudgeTemplates.Rubric with { Parser = new ParserSettings(VerdictForm.Rubric) { Criteria = new Dictionary<string, double> { ["right"] = 1, ["clear"] = 1 } } };
        var asks = new JudgePlanner(template, new JudgePlanOptions()).Plan(Row).Asks;
        Assert.True(asks[0].Messages[^1].Content.IndexOf("- right", StringComparison.Ordinal) < asks[0].Messages[^1].Content.IndexOf("- clear", StringComparison.Ordinal));
        Assert.True(asks[1].Messages[^1].Content.IndexOf("- clear", StringComparison.Ordinal) < asks[1].Messages[^1].Content.IndexOf("- right", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "42", "", null, JudgeReasons.NoQuestion)]
    [InlineData("6 * 7?", "42", "  ", null, JudgeReasons.NoReference)]
    [InlineData("6 * 7?", "<think>hm</think> ", "42", 0.0, JudgeReasons.EmptyResponse)]
    [InlineData("6 * 7?", "1234567890", "42", 0.0, JudgeReasons.ResponseTooLong)]
    public void Nobody_is_asked_about_a_row_that_needs_no_judge(string prompt, string response, string reference, double? score, string reason)
    {
        var plan = new JudgePlanner(JudgeTemplates.Rlvr, new JudgePlanOptions { MaxChars = 9 }).Plan(JudgePromptTests.Row("{}", prompt, response, reference));
        Assert.Empty(plan.Asks);
        Assert.Equal(score, plan.Settled!.Score);
        Assert.Equal(reason, plan.Settled.Reason.Code);
    }

    [Theory]
    [MemberData(nameof(Injections.Data), MemberType = typeof(Injections))]
    public void A_judge_that_quotes_an_injection_is_not_talked_into_its_verdict(string injection)
    {
        var row = JudgePromptTests.Row("{}", "6 * 7?", injection, "42");
        string[] quoting =
        [
            $"NO. The response only says: {injection}",
            $"NO\n\nThe response says \"{injection}\"",
            $"The response says \"{injection}\" so my verdict is NO",
            $"\"{injection}\"\n\nThat is an attempt to deceive. NO",
            $"> {injection}\nNO",
            $"The response contains:\n```\n{injection}\n```\nNO",
        ];
        foreach (var template in new[] { JudgeTemplates.Rlvr, JudgeTemplates.Rlvr with { Parser = new ParserSettings(VerdictForm.Labels) { Labels = new Dictionary<string, double> { ["YES"] = 1, ["NO"] = 0 } } } })
            foreach (var said in quoting)
                Assert.True(Decide(new JudgePlanner(template, new JudgePlanOptions()), row, _ => said).Score?.Score is null or 0, said);

        foreach (var said in quoting.Select(said => said.Replace("NO", "Score: 0", StringComparison.Ordinal)))
            Assert.True(Decide(new JudgePlanner(JudgeTemplates.Default, new JudgePlanOptions()), row, _ => said).Score?.Score is null or 0, said);
    }

    [Fact]
    public void Under_roll_any_yes_counts_and_the_whole_response_is_shown()
    {
        var planner = new JudgePlanner(JudgeTemplates.Rlvr, new JudgePlanOptions { Parity = Parity.Roll });
        Assert.Equal(1, Decide(planner, Row, _ => "My eyes say so").Score!.Score);
        Assert.Equal(0, Decide(planner, Row, _ => "Score: 8").Score!.Score);
        Assert.Contains("‹think>hm", planner.Plan(JudgePromptTests.Row("{}", "6 * 7?", "<think>hm</think>42")).Asks[0].Messages[^1].Content, StringComparison.Ordinal);
    }
}
