using Fleet.Rewards.Instructions.Sentences;

namespace Fleet.Unit.Tests.Rewards.Instructions;

public sealed class SentencesTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("One. Two? Three!", 3)]
    [InlineData("Dr. Miller met Mrs. Jones in St. Louis.", 1)]
    [InlineData("We met at 5 p.m. However, he left early.", 2)]
    [InlineData("We met at 5 p.m. on Monday.", 1)]
    [InlineData("He said \"Stop!\" Then he ran.", 2)]
    [InlineData("(It rained.) We stayed.", 2)]
    [InlineData("Wait... what happened? Nothing...", 2)]
    [InlineData("Section 3. see below", 1)]
    [InlineData("Plan Q. Let's go.", 2)]
    [InlineData("It was J. Aronson who came.", 1)]
    [InlineData("No mark at the end", 1)]
    [InlineData("Why?! Because. ", 2)]
    public void An_English_text_has_so_many_sentences(string text, int count) => Assert.Equal(count, SentenceSplitter.Count(text));

    [Fact]
    public void Closing_marks_stay_with_their_sentence()
    {
        const string Text = "\"Go.\" (Now!) Fine.";
        Assert.Equal(["\"Go.\"", "(Now!)", "Fine."], SentenceSplitter.Split(Text).Select(range => Text[range]));
    }

    [Theory]
    [InlineData("Hello. Yes? No! Done.", 3, 4)]
    [InlineData("Ends with a blank. ", 2, 1)]
    [InlineData("e.g. this and Mr. That.", 1, 1)]
    [InlineData("", 1, 0)]
    public void The_plain_rule_has_two_readings(string text, int reference, int mended)
    {
        Assert.Equal(reference, PlainSentences.CountAsReference(text));
        Assert.Equal(mended, PlainSentences.Count(text.Trim()));
    }

    [Theory]
    [InlineData("Don't CANNOT, they'll 'tis.", "Do|n't|CAN|NOT|,|they|'ll|'t|is|.")]
    [InlineData("\"NASA's\" (cost: $1,000)...", "``|NASA|'s|''|(|cost|:|$|1,000|)|...")]
    [InlineData("I'm gonna say “HI” -- ok?", "I|'m|gon|na|say|“|HI|”|--|ok|?")]
    public void Words_and_punctuation_part_as_in_the_Treebank(string text, string tokens) =>
        Assert.Equal(tokens.Split('|'), WordTokens.Of(text));

    [Fact]
    public void Capital_words_need_a_capital_and_no_small_letter() => Assert.Equal(4, WordTokens.CountUpper("NASA and A1 were U.S. USs, 42 CAN'Ts B"));

    [Fact]
    public void A_long_run_of_marks_takes_no_long_time()
    {
        foreach (var piece in (string[])[". ", "!", "?\"", "a.b", ". . .", "'", "x. y!(", "\u00a0."])
        {
            var text = string.Concat(Enumerable.Repeat(piece, 100_000));
            Assert.True(SentenceSplitter.Count(text) >= 0);
        }
    }
}
