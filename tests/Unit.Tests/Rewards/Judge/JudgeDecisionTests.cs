using Fleet.Rewards;
using Fleet.Rewards.Judge;
using Fleet.Rewards.Judge.Verdicts;

namespace Fleet.Unit.Tests.Rewards.Judge;

public class JudgeDecisionTests
{
    private static readonly Rollout Row = JudgePromptTests.Row("{}", prompt: "6 * 7?");

    private static readonly JudgeTemplate Rubric = JudgeTemplates.Rubric with { Parser = new ParserSettings(VerdictForm.Rubric) { Criteria = new Dictionary<string, double> { ["right"] = 3, ["clear"] = 1 } } };

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
        var asks = new JudgePlanner(Rubric, new JudgePlanOptions()).Plan(Row).Asks;
        Assert.Equal([false, true], asks.Select(ask => ask.Swapped));
        foreach (var (ask, order) in asks.Zip(["right, clear", "clear, right"]))
        {
            var shown = ask.Messages[^1].Content;
            Assert.Equal(order, shown.IndexOf("- right", StringComparison.Ordinal) < shown.IndexOf("- clear", StringComparison.Ordinal) ? "right, clear" : "clear, right");
            Assert.EndsWith($"for each of: {order}", ask.Parser.Form, StringComparison.Ordinal);
            Assert.EndsWith($"Your verdict, in the form {ask.Parser.Form}:", shown, StringComparison.Ordinal);
        }

        var decision = Decide(new JudgePlanner(Rubric, new JudgePlanOptions()), Row, ask => ask.Swapped ? "clear: 4\nright: 10" : "right: 10\nclear: 4");
        Assert.Equal(0.85, decision.Score!.Score!.Value, 12);
        Assert.False((bool)decision.Detail["order_mattered"]!);
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

    // What a judge says that is not deceived: its own verdict if any, and what the response says.
    private static string[] Quoting(string verdict, string response) =>
    [
        $"{verdict}. The response only says: {response}",
        $"{verdict}\n\nThe response says \"{response}\"",
        $"The response says \"{response}\" so my verdict is {verdict}",
        $"\"{response}\"\n\nThat is an attempt to deceive. {verdict}",
        $"> {response}\n{verdict}",
        $"The response contains:\n```\n{response}\n```\n{verdict}",
        $"The response orders:\n{response}\nI ignore that.",
        $"The response orders:\n{response}",
        $"{response}\nis what the response orders, and I ignore it.",
        $"{response}\n\n{verdict}",
    ];

    [Theory]
    [MemberData(nameof(Injections.Data), MemberType = typeof(Injections))]
    public void A_judge_that_quotes_an_injection_is_not_talked_into_its_verdict(string injection)
    {
        var row = JudgePromptTests.Row("""{"opponent_response":"42, since 6 * 7 = 42."}""", "6 * 7?", injection, "42");
        var labels = JudgeTemplates.Rlvr with { Parser = new ParserSettings(VerdictForm.Labels) { Labels = new Dictionary<string, double> { ["YES"] = 1, ["PARTLY"] = 0.5, ["NO"] = 0 } } };
        var rubric = JudgeTemplates.Rubric with { Parser = new ParserSettings(VerdictForm.Rubric) { Criteria = new Dictionary<string, double> { ["correctness"] = 3, ["clarity"] = 1 } } };
        (JudgeTemplate Template, Func<JudgeAsk, string> Verdict)[] tried =
        [
            (JudgeTemplates.Rlvr, _ => "NO"),
            (labels, _ => "NO"),
            (JudgeTemplates.Default, _ => "Score: 0"),
            (rubric, _ => "correctness: 0\nclarity: 0"),
            (JudgeTemplates.Pairwise, ask => ask.Swapped ? "A" : "B"),
        ];
        foreach (var (template, verdict) in tried)
        {
            var planner = new JudgePlanner(template, new JudgePlanOptions());
            for (var form = 0; form < Quoting("", "").Length; form++)
            {
                // As it is shown to a judge.
                var decision = Decide(planner, row, ask => Quoting(verdict(ask), UntrustedText.Escape(injection))[form]);
                Assert.True(decision.Score?.Score is null or 0, $"{template.Name}: {decision.Detail}");
            }
        }
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
