using CsCheck;
using Fleet.Shaping.Groups;

namespace Fleet.Unit.Tests.Shaping.Groups;

public sealed class GroupRewardsTests
{
    private static readonly Gen<double?[]> Values = Gen.Int[-1, 4].Select(value => value < 0 ? (double?)null : value).Array[0, 12];

    [Fact]
    public void Golden_group()
    {
        double?[] values = [0.2, 1, null, 1, 0];

        Assert.Equal([0, 0.5, null, 0.5, 0], GroupRewards.BestOfN(values));
        Assert.Equal([1 / 3.0, 2.5 / 3, null, 2.5 / 3, 0], GroupRewards.Ranking(values));
        Assert.Equal([-1 / 3.0, 2 / 3.0, null, 2 / 3.0, -1], GroupRewards.Pairwise(values));
    }

    [Fact]
    public void One_value_cannot_be_compared() => Assert.Equal([null, null], GroupRewards.Ranking([1, null]));

    [Fact]
    public void Sums_are_those_of_a_fair_game() => Values.Where(values => values.Count(value => value is not null) > 1).Sample(values =>
    {
        Assert.Equal(1, GroupRewards.BestOfN(values).Sum()!.Value, 9);
        Assert.Equal(0.5, GroupRewards.Ranking(values).Average()!.Value, 9);
        Assert.Equal(0, GroupRewards.Pairwise(values).Sum()!.Value, 9);
    });
}
