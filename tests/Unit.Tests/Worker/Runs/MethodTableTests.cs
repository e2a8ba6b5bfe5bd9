using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Ranks;
using Fleet.Rewards;
using Fleet.Worker.Runs;
using Fleet.Worker.Scoring;

namespace Fleet.Unit.Tests.Worker.Runs;

public sealed class MethodTableTests
{
    [Fact]
    public void A_class_has_its_own_methods_and_those_of_the_base() => Assert.Equal(
        ["boom", "compute_rewards", "count", "get_metrics", "initialize", "load_states", "offload_states", "reply_later"],
        MethodTable.Of(typeof(Good)).Methods.Select(method => method.Name));

    [Fact]
    public void A_method_says_how_it_travels()
    {
        Assert.Equal(DispatchMode.AllToAll, MethodTable.Of(typeof(Good)).Methods.Single(method => method.Name == "reply_later").Mode);
        Assert.True(MethodTable.Of(typeof(Good)).Methods.Single(method => method.Name == "count").GroupLevel);
    }

    [Fact]
    public async Task Methods_of_every_form_are_called_by_name()
    {
        var (worker, batch) = (new Good(), DataProto.Of([], [new("x", ValueColumn.OfNumbers([1, 2]))]));

        Assert.Same(batch, await MethodTable.Of(typeof(Good)).InvokeAsync(worker, "reply_later", batch, CancellationToken.None));
        Assert.Null(await MethodTable.Of(typeof(Good)).InvokeAsync(worker, "count", batch, CancellationToken.None));
        Assert.Null(await MethodTable.Of(typeof(Good)).InvokeAsync(worker, "load_states", null, CancellationToken.None));
        Assert.Equal(4, worker.Counted);
    }

    [Fact]
    public async Task What_a_method_throws_comes_out_as_it_is() => Assert.Equal(
        "boom", (await Assert.ThrowsAsync<InvalidOperationException>(() => MethodTable.Of(typeof(Good)).InvokeAsync(new Good(), "boom", null, CancellationToken.None))).Message);

    [Theory]
    [InlineData("initialize")]
    [InlineData("Count")]
    [InlineData("to_string")]
    [InlineData("dispose")]
    public async Task Only_registered_methods_can_be_called(string name)
    {
        var refused = await Assert.ThrowsAsync<FleetException>(() => MethodTable.Of(typeof(Good)).InvokeAsync(new Good(), name, null, CancellationToken.None));
        Assert.Contains($"Good has no registered method '{name}'; it has boom, compute_rewards", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(TakesText), "TakesText.Bad")]
    [InlineData(typeof(TakesTwo), "TakesTwo.Bad")]
    [InlineData(typeof(ReturnsNumber), "ReturnsNumber.Bad")]
    public void A_bad_signature_is_one_sentence_that_says_the_good_one(Type type, string name)
    {
        var refused = Assert.Throws<FleetException>(() => MethodTable.Of(type));
        Assert.StartsWith($"{name} cannot be registered: take at most one DataProto and a CancellationToken", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LoadStatesAsync", "load_states")]
    [InlineData("Add", "add")]
    public void A_wire_name_is_snake_case_without_async(string method, string wire) => Assert.Equal(wire, RegisteredMethod.WireName(method));

    private abstract class Base : RewardWorker
    {
        protected internal override ValueTask<RewardScore> ScoreAsync(Rollout rollout, CancellationToken cancellation) => new(RewardScore.Scored(0, new Reason("x")));
    }

    private sealed class Good : Base
    {
        public int Counted { get; private set; }

        [Register(DispatchMode.OneToAll, GroupLevel = true)]
        public void Count(DataProto data) => Counted += data.Length;

        [Register]
        public async Task<DataProto> ReplyLaterAsync(DataProto data, CancellationToken cancellation)
        {
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
            Counted = data.Length;
            return data;
        }

        [Register]
        public void Boom() => throw new InvalidOperationException(Counted == 0 ? "boom" : "later");
    }

    private sealed class TakesText : Base
    {
        [Register]
        public void Bad(string text) => _ = text + ToString();
    }

    private sealed class TakesTwo : Base
    {
        [Register]
        public void Bad(DataProto a, DataProto b) => _ = (a, b, this);
    }

    private sealed class ReturnsNumber : Base
    {
        [Register]
        public int Bad() => GetHashCode();
    }
}
