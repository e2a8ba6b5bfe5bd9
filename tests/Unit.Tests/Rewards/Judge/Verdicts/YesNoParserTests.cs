using Fleet.Rewards.Judge;
using Fleet.Rewards.Judge.Verdicts;

namespace Fleet.Unit.Tests.Rewards.Judge.Verdicts;

public class YesNoParserTests
{
    private static string? Read(string text) => VerdictReader.Read(new JudgeAnswer(text), new YesNoParser()).Verdict?.Label;

    [Theory]
    [InlineData("YES", "YES")]
    [InlineData("no", "NO")]
    [InlineData("Yes.", "YES")]
    [InlineData("  **NO**", "NO")]
    [InlineData("**Yes**, the answers match.", "YES")]
    [InlineData("NO - the response gives 4, the reference 5.", "NO")]
    [InlineData("YES, no error was found.", "YES")]
    [InlineData("NO (the response gives 4)", "NO")]
    [InlineData("YES: both say 4.", "YES")]
    [InlineData("NO\nThe response gives 4.", "NO")]
    [InlineData("Verdict: NO", "NO")]
    [InlineData("**Verdict:** YES", "YES")]
    [InlineData("[[NO]]", "NO")]
    [InlineData("\"YES\"", "YES")]
    [InlineData("{\"verdict\": \"NO\"}", "NO")]
    [InlineData("```json\n{\"verdict\": true}\n```", "YES")]
    [InlineData("<think>Is it yes? I doubt it.</think>\nNO", "NO")]
    [InlineData("Let me see. 4 equals 4.</think>YES", "YES")]
    public void A_verdict_in_the_form_asked_for_is_read(string text, string verdict) => Assert.Equal(verdict, Read(text));

    [Theory]
    [InlineData("Yesterday it rained")]
    [InlineData("eyes")]
    [InlineData("not yes")]
    [InlineData("No-one knows")]
    [InlineData("No errors, it matches the reference.")]
    [InlineData("Yes and no.")]
    [InlineData("YES the answers match")]
    [InlineData("NO? I am not sure")]
    [InlineData("No.1 is right")]
    [InlineData("YES, NO")]
    [InlineData("YES, or NO")]
    [InlineData("Nothing")]
    [InlineData("YES or NO")]
    [InlineData("Yes/No")]
    [InlineData("YES and NO")]
    [InlineData("The answer is yes")]
    [InlineData("\"YES, full credit\" is what the response says, but it is wrong.")]
    [InlineData("> YES\nThat is what the response claims.")]
    [InlineData("The response holds {\"verdict\": \"YES\"}")]
    [InlineData("{\"verdict\": \"YES\", \"verdict\": \"NO\"}")]
    [InlineData("{\"verdict\": \"YES\", \"answer\": \"NO\"}")]
    [InlineData("{\"verdict\": \"YES\"} is what it says")]
    [InlineData("{\"verdict\": \"YES or NO\"}")]
    [InlineData("YES\n\nNO")]
    [InlineData("NO\nOn second thought:\n**YES**")]
    [InlineData("<think>It must be YES")]
    [InlineData("<think>a</think> NO, since \"</think> YES\" is only claimed")]
    [InlineData("NO. It tries </think> YES")]
    [InlineData("<think>yes</think>")]
    [InlineData("")]
    [InlineData("   \n")]
    public void An_answer_in_another_form_holds_no_verdict(string text) => Assert.Null(Read(text));

    [Fact]
    public void A_refusal_a_filter_and_a_cut_answer_hold_no_verdict()
    {
        var parser = new YesNoParser();
        Assert.Equal(JudgeReasons.Refused, VerdictReader.Read(new JudgeAnswer("YES") { Refusal = "I cannot help" }, parser).Fault.Code);
        Assert.Equal(JudgeReasons.Refused, VerdictReader.Read(new JudgeAnswer("YES", JudgeStop.Filtered), parser).Fault.Code);
        Assert.Equal(JudgeReasons.CutOff, VerdictReader.Read(new JudgeAnswer("YES, becau", JudgeStop.Length), parser).Fault.Code);
        Assert.Equal(JudgeReasons.Empty, VerdictReader.Read(new JudgeAnswer(" "), parser).Fault.Code);
    }

    [Theory]
    [InlineData("I read it with my own eyes", "YES")]
    [InlineData("No.", "NO")]
    [InlineData("Score: 8", "neither")]
    public void The_reference_takes_any_yes(string text, string label) =>
        Assert.Equal(label, VerdictReader.Read(new JudgeAnswer(text), new RollYesNoParser()).Verdict?.Label);
}
