using CsCheck;
using Fleet.Rewards.Code;

namespace Fleet.Unit.Tests.Rewards.Code;

public sealed class CodeBlocksTests
{
    [Theory]
    [InlineData("python", CodeLanguage.Python)]
    [InlineData("python3", CodeLanguage.Python)]
    [InlineData("py", CodeLanguage.Python)]
    [InlineData("Python", CodeLanguage.Python)]
    [InlineData("", CodeLanguage.Python)]
    [InlineData("cpp", CodeLanguage.Cpp)]
    [InlineData("c++", CodeLanguage.Cpp)]
    [InlineData("javascript", CodeLanguage.JavaScript)]
    [InlineData("js", CodeLanguage.JavaScript)]
    [InlineData("bash", CodeLanguage.Bash)]
    [InlineData("java", CodeLanguage.Java)]
    public void A_fences_tag_names_the_language(string tag, CodeLanguage language)
    {
        var answer = Find($"Here it is.\n\n```{tag}\nx = 1\n```\nDone.");
        Assert.Equal("x = 1\n", answer.Text);
        Assert.Equal(language, answer.Language);
    }

    [Fact]
    public void Javascript_is_not_java_with_a_rest() =>
        Assert.Equal("let x\n", Find("```javascript\nlet x\n```").Text);

    [Fact]
    public void Drafts_in_the_thinking_do_not_count() =>
        Assert.Equal("new\n", Find("<think>\n```python\nold\n```\n</think>\n```python\nnew\n```").Text);

    [Fact]
    public void Of_several_programs_the_last_counts() =>
        Assert.Equal("b = 2\n", Find("```python\na = 1\n```\nBetter:\n```python\nb = 2\n```").Text);

    [Theory]
    [InlineData("```bash\npython main.py\n```\n```python\nx = 1\n```")]
    [InlineData("```python\nx = 1\n```\nRun it:\n```bash\npython main.py\n```")]
    [InlineData("```python\nx = 1\n```\nIt prints\n```\n7\n```")]
    [InlineData("```python\nx = 1\n```\n```text\nx = 2\n```")]
    [InlineData("```\nx = 1\n```\nOutput:\n```output\nx = 2\n```")]
    public void Commands_and_outputs_beside_a_program_are_no_programs(string response) => Assert.Equal("x = 1\n", Find(response).Text);

    [Fact]
    public void A_block_that_defines_the_function_comes_before_one_that_only_uses_it()
    {
        const string response = "```python\ndef f(x):\n    return x\n```\nUse it so:\n```python\nprint(f(3))\n```";
        Assert.Contains("return x", CodeBlocks.Find(response, null, "f", callsNames: true).Text, StringComparison.Ordinal);
        Assert.Contains("return x", CodeBlocks.Find(response, null, "", callsNames: true).Text, StringComparison.Ordinal);
        Assert.Contains("print", CodeBlocks.Find(response, null, "", callsNames: false).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x = 1", "x = 1")]
    [InlineData("  x = 1\n<|im_end|>", "x = 1")]
    [InlineData("```python\nx = 1", "x = 1")]
    [InlineData("```python\nx = 1```", "x = 1")]
    [InlineData("Inline ```python x = 1``` ends.", "x = 1")]
    [InlineData("1. So:\n   ```python\n   if x:\n       y\n   ```", "if x:\n    y\n")]
    [InlineData("", "")]
    public void A_program_is_found_in_unusual_frames(string response, string program) => Assert.Equal(program, Find(response).Text);

    [Fact]
    public void A_longer_fence_may_hold_a_shorter_one() =>
        Assert.Equal("x = '''\n```\n'''\n", Find("````python\nx = '''\n```\n'''\n````").Text);

    [Fact]
    public void A_language_that_is_not_run_is_said_so()
    {
        var answer = Find("```rust\nfn main() {}\n```");
        Assert.Null(answer.Language);
        Assert.Equal("rust", answer.Tag);
    }

    [Fact]
    public void Line_ends_of_another_system_change_nothing() =>
        Assert.Equal("x = 1\r\n", Find("```python\r\nx = 1\r\n```\r\n").Text);

    [Fact]
    public void No_text_makes_it_throw() =>
        Gen.Char["`\n\r \tpython<think>/def(=#"].Array[0, 80].Sample(characters => Find(new string(characters)).Text is not null);

    private static CodeAnswer Find(string response) => CodeBlocks.Find(response, null, "", callsNames: false);
}
