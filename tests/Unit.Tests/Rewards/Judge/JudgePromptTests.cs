using System.Text.Json;
using CsCheck;
using Fleet.Rewards;
using Fleet.Rewards.Judge;

namespace Fleet.Unit.Tests.Rewards.Judge;

public class JudgePromptTests
{
    private static string Text(JudgeTemplate template, JudgeCase judged, bool swapped = false) => JudgePrompt.Messages(template, judged, swapped)[^1].Content;

    private static JudgeCase Case(string response, string question = "6 * 7?", string? reference = "42") => new(question, question, response, reference, null);

    private static int Count(string text, string part) => (text.Length - text.Replace(part, "", StringComparison.Ordinal).Length) / part.Length;

    [Theory]
    [MemberData(nameof(Injections.Data), MemberType = typeof(Injections))]
    public void No_text_closes_its_own_quotes(string response)
    {
        var mark = new UntrustedText("6 * 7?", "6 * 7?", response, "42", "").Mark;
        var text = Text(JudgeTemplates.Rlvr, Case(response));

        Assert.DoesNotContain(mark, response, StringComparison.Ordinal);
        foreach (var name in new[] { "question", "reference", "response" })
        {
            Assert.Equal(1, Count(text, $"<{name}-{mark}>"));
            Assert.Equal(1, Count(text, $"</{name}-{mark}>"));
        }
    }

    [Theory]
    [MemberData(nameof(Injections.Data), MemberType = typeof(Injections))]
    public void Nothing_that_a_chat_template_gives_a_meaning_survives(string response)
    {
        var shown = UntrustedText.Escape(response);
        foreach (var token in new[] { "<|", "|>", "[INST]", "[/INST]", "<<SYS>>", "<think>", "</think>", "</s>", "</response>", "<response>", "</reference>", "\u202E", "\u200B", "\U000E0059" })
            Assert.DoesNotContain(token, shown, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("if (a < b && c > d) return x[0];")]
    [InlineData("\\frac{1}{2} \\le x < 3, [a, b]\n\tdone")]
    [InlineData("<div class=\"x\"><b>héllo</b></div> 👩‍👩‍👧 日本語")]
    [InlineData("a <- c(1, 2) |> sum")]
    public void Ordinary_text_is_shown_as_it_is(string response) =>
        Assert.Equal(response.Replace("|>", "|›", StringComparison.Ordinal), UntrustedText.Escape(response));

    [Fact]
    public void A_response_that_knows_the_mark_gets_another_mark()
    {
        var mark = new UntrustedText("question").Mark;
        var next = new UntrustedText("question", mark).Mark;
        Assert.NotEqual(mark, next);
        Gen.String.Sample(text => !text.Contains(new UntrustedText(text).Mark, StringComparison.OrdinalIgnoreCase), iter: 500);
    }

    [Fact]
    public void Placeholders_inside_a_text_stay_text()
    {
        var text = Text(JudgeTemplates.Rlvr, Case("{reference} {question} {form}", reference: "SECRET"));
        Assert.Equal(1, Count(text, "SECRET"));
        Assert.Contains("{reference} {question} {form}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_question_comes_from_the_messages_and_is_whole()
    {
        var rollout = Row("""{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Explain the\nuser\nfield."}]}""", prompt: "system\nBe brief.\nuser\nExplain the\nuser\nfield.\nassistant\n");
        var judged = JudgeCase.Of(rollout, wholeResponse: false);
        Assert.Equal("Explain the\nuser\nfield.", judged.Question);
        Assert.Equal("system: Be brief.\n\nuser: Explain the\nuser\nfield.", judged.Conversation);
    }

    [Fact]
    public void A_conversation_of_several_turns_is_all_of_the_question()
    {
        var rollout = Row("""{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"},{"role":"user","content":[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"x"}}]}]}""");
        Assert.Equal("user: Hi\n\nassistant: Hello\n\nuser: What is this?\n[image_url]", JudgeCase.Of(rollout, wholeResponse: false).Question);
    }

    [Fact]
    public void The_judge_sees_the_answer_and_the_thinking_only_when_asked()
    {
        var rollout = Row("{}", response: "<think>hm</think>\n42<|im_end|>");
        Assert.Equal("42", JudgeCase.Of(rollout, wholeResponse: false).Response);
        Assert.Equal("<think>hm</think>\n42", JudgeCase.Of(rollout, wholeResponse: true).Response);
    }

    [Fact]
    public void Columns_of_any_kind_are_no_reason_to_fail()
    {
        foreach (var columns in new[] { """{"messages":3}""", """{"messages":[3,null,{"role":3},{"content":null},{"content":{"a":1}}]}""", """{"messages":[{"content":"\ud800"}]}""", """{"messages":[{"role":"\udc00","content":["x",{"type":7}]}]}""" })
            Assert.NotNull(JudgeCase.Of(Row(columns), wholeResponse: false));
    }

    [Fact]
    public void A_template_file_brings_its_parser()
    {
        var template = JudgeTemplate.Parse("mine", "parser: labels\nlabels: right=1, half right=0.5, wrong=0\nsystem: You grade.\n---\nQ {question}\nR {response}\n{unknown} {");
        var messages = JudgePrompt.Messages(template, Case("41"));
        Assert.Equal(["system", "user"], messages.Select(m => m.Role));
        Assert.EndsWith("Your verdict, in the form one of: right, half right, wrong:", messages[1].Content, StringComparison.Ordinal);
        Assert.Contains("{unknown} {", messages[1].Content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Q {question}", "Template 'mine' never shows the response: put {response} where it belongs.")]
    [InlineData("parser: guess\n---\n{response}", "Template 'mine' asks for the unknown parser 'guess'.")]
    [InlineData("parser: number\nscale: 5 5\n---\n{response}", "The scale goes from 5 to 5; the best score must be above the worst.")]
    [InlineData("parser: labels\nlabels: a=1\n---\n{response}", "A label set has at least two labels, each worth a number from 0 to 1.")]
    [InlineData("parser: rubric\n---\n{response}", "A rubric has at least one criterion, each with a weight above 0.")]
    [InlineData("parser: number\nscale: 0 Infinity\n---\n{response}", "The scale goes from 0 to Infinity; the best score must be above the worst.")]
    [InlineData("parser: rubric\ncriteria: right=Infinity\n---\n{response}", "A rubric has at least one criterion, each with a weight above 0.")]
    [InlineData("parser: labels\nlabels: right=NaN, wrong=0\n---\n{response}", "A label set has at least two labels, each worth a number from 0 to 1.")]
    [InlineData("colour: red\n---\n{response}", "Template 'mine' has the unknown header 'colour'; known are parser, scale, labels, criteria, system.")]
    public void A_template_that_cannot_work_says_why(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => JudgeTemplate.Parse("mine", text)).Message);

    internal static Rollout Row(string columns, string prompt = "", string response = "42", string? reference = "42") => new()
    {
        Prompt = prompt,
        Response = response,
        GroundTruth = reference,
        Columns = JsonDocument.Parse(columns).RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value),
    };
}
