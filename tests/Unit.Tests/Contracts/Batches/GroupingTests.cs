using Fleet.Contracts;
using Fleet.Contracts.Batches;

namespace Fleet.Unit.Tests.Contracts.Batches;

public sealed class GroupingTests
{
    [Fact]
    public void Groups_come_in_order_of_first_appearance_with_their_rows_in_order()
    {
        var groups = Samples.Five().GroupBy("c");

        Assert.Equal(["A", "B"], groups.Keys.Select(key => key[0]));
        Assert.Equal([3, 2], groups.Values.Select(group => group.Length));
        Assert.Equal([0, 1, 4, 5, 8, 9], ((Tensor)groups.GetAt(0).Value["a"]).Span<int>().ToArray());
    }

    [Fact]
    public void Keys_of_different_kinds_combine()
    {
        var batch = Samples.Five().With("n", Tensor.Of([1L, 1, 2, 1, 1]));

        Assert.Equal(["A|1", "B|1", "A|2"], batch.GroupBy("c", "n").Keys.Select(key => key.ToString()));
        Assert.Equal(["1|A", "1|B", "2|A"], batch.GroupBy("n", "c").Keys.Select(key => key.ToString()));
        Assert.Equal(5, batch.GroupBy("a", "c").Count);
    }

    [Fact]
    public void All_rows_alike_are_one_group()
    {
        var batch = Samples.Rows(3).With("x", ValueColumn.OfText(["k", "k", "k"])).With("y", Tensor.Zeros(DType.Float32, 3));

        Assert.Equal(3, Assert.Single(batch.GroupBy("x", "y")).Value.Length);
    }

    [Fact]
    public void Bars_kinds_and_nulls_do_not_collide()
    {
        var batch = DataProto.Empty
            .With("x", ValueColumn.OfText(["a|b", "a", "", null]))
            .With("y", ValueColumn.OfText(["c", "b|c", "", ""]));
        var kinds = DataProto.Empty.With("j", ValueColumn.OfJsonText(["5", "\"5\"", "\"5\"", "true", "\"true\"", "{\"a\": 1}", "{\"a\":1}"]));

        Assert.Equal(4, batch.GroupBy("x", "y").Count);
        Assert.Equal([1, 2, 1, 1, 2], kinds.GroupBy("j").Values.Select(group => group.Length));
    }

    [Fact]
    public void A_missing_grouping_key_is_named()
    {
        var fault = Assert.Throws<BatchKeyException>(() => Samples.Five().GroupBy("domain"));

        Assert.StartsWith("Grouping key 'domain'", fault.Message, StringComparison.Ordinal);
        Assert.Throws<FleetException>(() => Samples.Five().GroupBy());
    }
}
