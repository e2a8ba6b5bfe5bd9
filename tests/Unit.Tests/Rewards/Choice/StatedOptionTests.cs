using Fleet.Rewards.Choice;

namespace Fleet.Unit.Tests.Rewards.Choice;

public sealed class StatedOptionTests
{
    [Theory]
    [InlineData("The answer is C", 'C')]
    [InlineData("the answer is (c).", 'C')]
    [InlineData("Answer: C", 'C')]
    [InlineData("**Final answer:** **C**", 'C')]
    [InlineData("So the answer is Option C.", 'C')]
    [InlineData("The answer is not B but C.", 'C')]
    [InlineData("The answer is not B, it is C", 'C')]
    [InlineData("The answer is definitely \\text{C}", 'C')]
    [InlineData("Therefore, option C is correct.", 'C')]
    [InlineData("(C) is the right answer here.", 'C')]
    [InlineData("The answer is 14 m/s, which is (C) above.", 'C')]
    [InlineData("The answer is B. Wait. The answer is C.", 'C')]
    [InlineData("The answer is (C).\nAnswer: Let's think", 'C')]
    [InlineData("The answer is (C).\nThe answer is (", 'C')]
    [InlineData("It must be \\boxed {C}", 'C')]
    [InlineData("It must be \\boxed{C", 'C')]
    [InlineData("It must be \\fbox{C}", 'C')]
    [InlineData("\u7b54\u6848\u662fC\u3002", 'C')]
    [InlineData("\u6545\u9009\uff23", 'C')]
    [InlineData("C", 'C')]
    [InlineData("C. Carbon dioxide", 'C')]
    [InlineData("It follows from the second law.\n\n(C)", 'C')]
    [InlineData("Reading it again gives option c.", 'C')]
    [InlineData("I choose option c", 'C')]
    [InlineData("Two of them fail at once. So it's c.", 'C')]
    [InlineData("I would say C.", 'C')]
    [InlineData("The rest is noise.\nMy pick: C", 'C')]
    [InlineData("It must be (c), because charge is conserved.", 'C')]
    [InlineData("I first thought the answer is A. On reflection I go with **C**.", 'C')]
    [InlineData("Option (c) is right.", 'C')]
    public void A_stated_option_is_found(string text, char letter) => Assert.Equal(letter, StatedOption.Find(text)?.Letter);

    [Theory]
    [InlineData("")]
    [InlineData("A careful reading settles it.")]
    [InlineData("I think so.")]
    [InlineData("The answer is not listed.")]
    [InlineData("I would say a careful reading settles it.")]
    [InlineData("It could be option B or option C.")]
    [InlineData("Is it option C?")]
    [InlineData("I would not choose option C.")]
    [InlineData("I'd go with vitamin C.")]
    [InlineData("It must be C-shaped")]
    [InlineData("I eliminate option C.")]
    [InlineData("One reads option B first. Nobody knows the rest.")]
    [InlineData("The answer is (Not applicable).")]
    [InlineData("The answer is a bit complicated.")]
    [InlineData("The answer is I do not know.")]
    [InlineData("The answer is Carbon")]
    [InlineData("The answer is C(s) + O2(g)")]
    [InlineData("The answer is D = 5")]
    [InlineData("The answer is not C.")]
    [InlineData("option C is incorrect")]
    [InlineData("If C is correct, then B follows as well, which cannot hold.")]
    [InlineData("\\BOXED{A}")]
    [InlineData("It is \\fbox")]
    [InlineData("It is \\boxed")]
    [InlineData("The answer")]
    [InlineData("(a) First we need the mass.")]
    [InlineData("A. 5\nB. 7\nC. 9\nD. 11")]
    public void Ordinary_text_states_no_option(string text) => Assert.Null(StatedOption.Find(text)?.Letter);

    [Fact]
    public void Endless_repetition_of_half_a_statement_takes_linear_time()
    {
        foreach (var part in (string[])["The answer is ", "answer is not A but ", "\\boxed{", "option ", "is correct ", "\u9009", "(", "not "])
        {
            var text = string.Concat(Enumerable.Repeat(part, 200_000 / part.Length));
            _ = StatedOption.Find(text);
        }
    }
}
