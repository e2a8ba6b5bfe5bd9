using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Dispatcher.Collecting;

namespace Fleet.Unit.Tests.Dispatcher.Collecting;

public sealed class UnpaddedTokensTests
{
    private static readonly Tensor Prompts = Tensor.Of<long>([0, 7, 8, 0, 0, 9], 2, 3);
    private static readonly Tensor Responses = Tensor.Of<long>([5, 0, 0, 0, 6, 0, 4, 0], 2, 4);

    /// <summary>A padding id inside the mask is a token: the first response is 5 0, the second 6 0 4.</summary>
    private static readonly Tensor Mask = Tensor.Of<long>([0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0], 2, 7);

    [Fact]
    public void The_attention_mask_says_what_is_padding_and_not_the_padding_id()
    {
        var data = UnpaddedTokens.Of(DataProto.Of([new(BatchKeys.Prompts, Prompts), new(BatchKeys.Responses, Responses), new(BatchKeys.AttentionMask, Mask)]));

        var (prompts, responses) = ((TokenColumn)data.Batch[BatchKeys.Prompts], (TokenColumn)data.Batch[BatchKeys.Responses]);
        Assert.Equal([[7, 8], [9]], Rows(prompts));
        Assert.Equal([[5, 0], [6, 0, 4]], Rows(responses));
        Assert.Equal((3, 4), (prompts.Width, responses.Width));
    }

    [Fact]
    public void A_response_mask_of_the_responses_alone_does_too()
    {
        var mask = Tensor.Of<bool>([true, true, false, false, true, true, true, false], 2, 4);
        var data = UnpaddedTokens.Of(DataProto.Of([new(BatchKeys.Responses, Responses), new(BatchKeys.ResponseMask, mask)]));
        Assert.Equal([[5, 0], [6, 0, 4]], Rows((TokenColumn)data.Batch[BatchKeys.Responses]));
    }

    [Fact]
    public void Padded_responses_without_a_mask_are_refused() =>
        Assert.Contains("attention_mask", Assert.Throws<FleetException>(() => UnpaddedTokens.Of(DataProto.Of([new(BatchKeys.Responses, Responses)]))).Message, StringComparison.Ordinal);

    [Fact]
    public void Ragged_ids_stay_as_they_are()
    {
        var data = DataProto.Of([new(BatchKeys.Responses, TokenColumn.Of([[1], [2, 3]]))]);
        Assert.Same(data, UnpaddedTokens.Of(data));
    }

    private static int[][] Rows(TokenColumn tokens) => [.. Enumerable.Range(0, tokens.Length).Select(row => tokens.Row(row).ToArray())];
}
