using Fleet.Gateway.Protocols;

namespace Fleet.Unit.Tests.Gateway.Protocols;

public sealed class SpecialTokensTests
{
    [Theory]
    [InlineData("That is all.<|eot_id|>", "That is all.")]
    [InlineData("That is all.<end_of_turn>\n", "That is all.")]
    [InlineData("That is all.<｜end▁of▁sentence｜>", "That is all.")]
    [InlineData("That is all. <|im_end|> <|endoftext|>", "That is all. ")]
    [InlineData("<|im_end|>", "")]
    [InlineData("<|im_end|> is a token \n", "<|im_end|> is a token \n")]
    [InlineData("", "")]
    public void A_response_ends_with_what_was_said(string response, string said) => Assert.Equal(said, SpecialTokens.CutEnd(response));
}
