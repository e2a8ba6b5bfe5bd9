using CsCheck;
using Fleet.Gateway.Protocols.OpenRlhf;

namespace Fleet.Unit.Tests.Gateway.Protocols;

public sealed class PromptCutTests
{
    [Theory]
    [InlineData("What is 1+1?It is 2.", "What is 1+1?", "It is 2.")]
    [InlineData("<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\nA<|im_end|>", "<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\n", "A")]
    [InlineData("<s>Question: a A</s>", "Question: a ", " A")]
    [InlineData("Q\n\nA<|endoftext|><|endoftext|>\n", "Q\n", "\nA")]
    [InlineData("of the longest question, cut at its beginning: A", "The end of the longest question, cut at its beginning: ", "A")]
    [InlineData("Q A <|im_end|> is a token", "Q", " A <|im_end|> is a token")]
    [InlineData("Q<think>x</think>", "Q", "<think>x</think>")]
    [InlineData("Qa < b |> c", "Q", "a < b |> c")]
    [InlineData("Q<｜Assistant｜>A<｜end▁of▁sentence｜>", "Q<｜Assistant｜>", "A")]
    [InlineData("the answer", null, "the answer")]
    [InlineData("the answer</s>", "", "the answer")]
    [InlineData("Q", "Q", "")]
    [InlineData("", "", "")]
    public void The_response_is_what_follows_the_prompt(string query, string? prompt, string response) => Assert.Equal(response, PromptCut.Response(query, prompt));

    [Theory]
    [InlineData("an answer alone", "Another question")]
    [InlineData("", "Q")]
    [InlineData("ion A", "Question")]
    public void A_sequence_without_its_prompt_is_no_response(string query, string prompt) => Assert.Null(PromptCut.Response(query, prompt));

    [Fact]
    public void Whatever_the_prompt_the_response_behind_it_comes_back() =>
        Gen.Select(Gen.String[Gen.Char["ab <|>\n"], 0, 40], Gen.String[Gen.Char["xyz "], 0, 20])
            .Sample((prompt, response) => Assert.Equal(response, PromptCut.Response(prompt + response, prompt)));
}
