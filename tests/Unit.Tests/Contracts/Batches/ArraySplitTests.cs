using Fleet.Contracts;
using Fleet.Contracts.Batches;

namespace Fleet.Unit.Tests.Contracts.Batches;

public sealed class ArraySplitTests
{
    [Fact]
    public void A_list_is_split_however_many_elements_it_has()
    {
        Assert.Equal([[1, 2, 3], [4, 5], [6, 7]], ArraySplit.Split([1, 2, 3, 4, 5, 6, 7], 3));
        Assert.Equal([["a"], [], []], ArraySplit.Split(["a"], 3));
        Assert.Throws<FleetException>(() => ArraySplit.Split(["a"], 0));
    }
}
