using Fleet.Rewards.Instructions.Matching;

namespace Fleet.Unit.Tests.Rewards.Instructions;

public sealed class MatchingTests
{
    [Theory]
    [InlineData("cat", "Cat concatenates a CAT", 3)]
    [InlineData("c.t", "cut c\nt CAT", 2)]
    [InlineData(@"a\.b", "a.b axb", 1)]
    [InlineData("(red|blue) car", "red car, Blue car, green car", 2)]
    [InlineData("c++", "C++ and c", 1)]
    [InlineData("a(?=b)", "ab a(?=b)", 1)]
    [InlineData("kiss", "\u212ai\u017fS", 1)]
    [InlineData("\u03c3\u03bf\u03c2", "\u03a3\u039f\u03a3", 1)]
    [InlineData("a]b}", "A]B}", 1)]
    [InlineData("", "ab", 3)]
    public void A_keyword_is_an_expression_when_it_can_be_one(string keyword, string text, int count) =>
        Assert.Equal(count, KeywordPattern.Of(keyword).Count(text));

    [Theory]
    [InlineData("cat", "concat cat's", 7)]
    [InlineData("cat", "concatenate", -1)]
    [InlineData("the.n", "when then the n", 10)]
    [InlineData("re|un", "un do", 0)]
    public void A_whole_word_has_a_boundary_at_both_ends(string keyword, string text, int at) =>
        Assert.Equal(at, KeywordPattern.Of(keyword, wholeWord: true).Find(text, 0).Start);

    [Theory]
    [InlineData("[a] [b]", 2)]
    [InlineData("[a\nb]", 0)]
    [InlineData("[[a]", 1)]
    [InlineData("[", 0)]
    [InlineData("[\n[\n[x]\n]", 1)]
    public void Brackets_hold_on_one_line(string text, int count) => Assert.Equal(count, MarkedSpans.CountShortest(text, "[", "]"));

    [Theory]
    [InlineData("*a* and **b**", 2)]
    [InlineData("****", 0)]
    [InlineData("* a\n* b", 0)]
    [InlineData("**a** *b*", 2)]
    [InlineData("***a***", 2)]
    public void Highlights_are_not_blank(string text, int count) => Assert.Equal(count, MarkedSpans.CountHighlights(text));

    [Theory]
    [InlineData("* a\n- b\n**c**\n---", 3)]
    [InlineData("\n\n  * a", 1)]
    [InlineData("*\nb", 1)]
    [InlineData("*", 0)]
    [InlineData("a - b", 0)]
    public void Bullets_start_a_line(string text, int count) => Assert.Equal(count, Bullets.Count(text));

    [Theory]
    [InlineData("Section", "Section 1 a Section2 b section 3", 2)]
    [InlineData(" SX", "a SX1 SX2  SX3", 2)]
    [InlineData("(Day|Week)", "Day 1 Week 2", 2)]
    [InlineData("P.", "P.1 Px 2", 2)]
    public void Sections_have_a_number(string splitter, string text, int count) => Assert.Equal(count, new SectionPattern(splitter).Count(text));

    [Fact]
    public void Nothing_but_opening_marks_takes_one_pass()
    {
        Assert.Equal(0, MarkedSpans.CountShortest(new string('[', 2_000_000), "[", "]"));
        Assert.Equal(0, MarkedSpans.CountShortest(string.Concat(Enumerable.Repeat("<<\n", 500_000)) + ">>", "<<", ">>"));
        Assert.Equal(0, MarkedSpans.CountHighlights(new string('*', 2_000_000)));
    }
}
