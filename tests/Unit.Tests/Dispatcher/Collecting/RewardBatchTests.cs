using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Names;
using Fleet.Dispatcher.Collecting;

namespace Fleet.Unit.Tests.Dispatcher.Collecting;

public sealed class RewardBatchTests
{
    private static readonly DataProto Data = DataProto.Of(
        [new(BatchKeys.Responses, TokenColumn.Of([[1, 2, 3], [4], [5, 6], []], width: 5))],
        [new(BatchKeys.GroupId, ValueColumn.OfText(["g1", "g1", "g2", "g2"]))]);

    private static readonly RowOutcome[] Outcomes = [Scored(1, 0.5), Failed(), Scored(0, -0.25), Scored(1, 1)];

    [Fact]
    public void Shapes_and_types_are_the_reference_workers()
    {
        var batch = RewardBatch.Of(Data, Outcomes, OnUnscored.Nan);

        var tokens = (Tensor)batch.Batch[BatchKeys.TokenLevelRewards];
        Assert.Equal((DType.Float16, true), (tokens.DType, tokens.IsZero));
        Assert.Equal([4, 5], tokens.Shape);
        Assert.Equal(["scored", "failed", "scored", "scored"], Enumerable.Range(0, 4).Select(row => batch.NonTensorBatch[BatchKeys.Status].Text(row)));
        Assert.Equal(["response", "infrastructure", "response", "response"], Enumerable.Range(0, 4).Select(row => batch.NonTensorBatch[BatchKeys.Cause].Text(row)));
        Assert.Equal([true, false, true, true], ((Tensor)batch.Batch[BatchKeys.RewardMask]).Span<bool>().ToArray());
    }

    [Fact]
    public void The_last_valid_token_gets_the_reward_where_the_caller_says_so()
    {
        var tokens = (Tensor)RewardBatch.Of(Data, Outcomes, OnUnscored.Zero, TokenRewards.LastValidToken).Batch[BatchKeys.TokenLevelRewards];
        Assert.Equal(
            [0, 0, 0.5f, 0, 0, 0, 0, 0, 0, 0, 0, -0.25f, 0, 0, 0, 0, 0, 0, 0, 0],
            tokens.Span<Half>().ToArray().Select(value => (float)value));
    }

    [Fact]
    public void Each_token_gets_its_models_value_where_the_caller_says_so_and_other_rows_their_reward_at_the_end()
    {
        RowOutcome[] outcomes = [Scored(1, 0.5) with { Detail = """{"token_values":[9,8,0.25,-1,2]}""" }, Failed(), Scored(0, -0.25) with { Detail = """{"token_values":[3]}""" }, Scored(1, 1)];
        var tokens = (Tensor)RewardBatch.Of(Data, outcomes, OnUnscored.Zero, TokenRewards.ModelValues).Batch[BatchKeys.TokenLevelRewards];
        Assert.Equal(
            [0.25f, -1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0],
            tokens.Span<Half>().ToArray().Select(value => (float)value));
        Assert.Contains("float16 cannot hold", Assert.Throws<FleetException>(() => RewardBatch.Of(Data.Slice(0, 1), [Scored(1, 1) with { Detail = """{"token_values":[1e6]}""" }], OnUnscored.Nan, TokenRewards.ModelValues)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rewards_on_padded_tokens_need_to_know_which_are_valid()
    {
        var padded = Data.With(BatchKeys.Responses, Tensor.Zeros(DType.Int64, 4, 5));
        Assert.Contains("attention_mask", Assert.Throws<FleetException>(() => RewardBatch.Of(padded, Outcomes, OnUnscored.Nan, TokenRewards.LastValidToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_token_ids_there_are_no_token_rewards() =>
        Assert.DoesNotContain(BatchKeys.TokenLevelRewards, RewardBatch.Of(Data.Without(BatchKeys.Responses), Outcomes, OnUnscored.Nan).Keys);

    [Fact]
    public void An_unscored_row_is_nan_by_default() => Assert.Equal([0.5f, float.NaN, -0.25f, 1f], Rewards(OnUnscored.Nan));

    [Fact]
    public void An_unscored_row_is_zero_where_the_caller_says_so() => Assert.Equal([0.5f, 0f, -0.25f, 1f], Rewards(OnUnscored.Zero));

    [Fact]
    public void An_unscored_row_is_left_out_alone_or_with_its_group()
    {
        Assert.Equal([0.5f, -0.25f, 1f], Rewards(OnUnscored.DropRow));
        Assert.Equal([-0.25f, 1f], Rewards(OnUnscored.DropGroup));
    }

    [Fact]
    public void Raise_names_the_first_unscored_row()
    {
        var raised = Assert.Throws<FleetException>(() => RewardBatch.Of(Data, Outcomes, OnUnscored.Raise));
        Assert.Contains("1 of 4 rows have no score; the first is row 1: failed, judge_down", raised.Message, StringComparison.Ordinal);
        Assert.Equal(2, RewardBatch.Of(Data.Slice(2), Outcomes[2..], OnUnscored.Raise).Length);
    }

    [Fact]
    public void A_row_without_a_group_is_left_out_alone()
    {
        var data = Data.With(BatchKeys.GroupId, ValueColumn.OfText([null, null, "g", "g"]));
        Assert.Equal([0.5f, -0.25f, 1f], Rewards(OnUnscored.DropGroup, data, Outcomes));
        Assert.Equal([1f, 0.5f], Rewards(OnUnscored.DropGroup, data, [Scored(1, 1), Scored(1, 0.5), Failed(), Scored(1, 1)]));
        Assert.Equal([0.5f, -0.25f, 1f], Rewards(OnUnscored.DropGroup, data.Without(BatchKeys.GroupId), Outcomes));
    }

    [Fact]
    public void The_rows_that_are_left_keep_their_ids()
    {
        var data = Data.With(BatchKeys.Id, ValueColumn.OfJsonText(["1", "2", "\"c\"", null]));
        var ids = RewardBatch.Of(data, Outcomes, OnUnscored.DropRow).NonTensorBatch[BatchKeys.Id];
        Assert.Equal(["1", "c", null], Enumerable.Range(0, 3).Select(ids.Text));
    }

    [Theory]
    [InlineData(65_504, true)]
    [InlineData(65_536, false)]
    [InlineData(-1e6, false)]
    [InlineData(double.PositiveInfinity, false)]
    public void A_reward_that_float16_cannot_hold_is_an_error(double reward, bool fits)
    {
        var call = () => RewardBatch.Of(Data.Slice(0, 1), [Scored(1, reward)], OnUnscored.Nan);
        if (fits) Assert.Equal((Half)reward, ((Tensor)call().Batch[BatchKeys.ResponseLevelRewards]).Span<Half>()[0]);
        else Assert.Contains("float16 cannot hold", Assert.Throws<FleetException>(call).Message, StringComparison.Ordinal);
    }

    private static float[] Rewards(OnUnscored policy) => Rewards(policy, Data, Outcomes);

    private static float[] Rewards(OnUnscored policy, DataProto data, RowOutcome[] outcomes) =>
        [.. ((Tensor)RewardBatch.Of(data, outcomes, policy).Batch[BatchKeys.ResponseLevelRewards]).Span<Half>().ToArray().Select(half => (float)half)];

    private static RowOutcome Scored(double score, double reward) => new() { Status = RowStatus.Scored, Score = score, Reward = reward, Reason = "r" };

    private static RowOutcome Failed() => new() { Status = RowStatus.Failed, Reason = "judge_down" };
}
