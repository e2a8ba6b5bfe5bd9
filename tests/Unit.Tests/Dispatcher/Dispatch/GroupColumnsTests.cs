using CsCheck;
using Fleet.Contracts.Batches;
using Fleet.Dispatcher.Dispatch;

namespace Fleet.Unit.Tests.Dispatcher.Dispatch;

public sealed class GroupColumnsTests
{
    private static readonly Gen<string?[]> Ids = Gen.Int[-2, 9].Select(group => group < 0 ? null : $"g{group}").Array[0, 60];

    [Fact]
    public void Parts_hold_every_row_once_and_no_group_twice() => Ids.Sample(ids =>
    {
        var parts = GroupColumns.Parts(Batch(ids), 8, maxBytes: 12);

        Assert.Equal(Enumerable.Range(0, ids.Length), parts.SelectMany(part => part).Order());
        var homes = parts.SelectMany((part, i) => part.Where(row => ids[row] is not null).Select(row => (ids[row], i))).Distinct();
        Assert.Equal(homes.Select(home => home.Item1).Distinct().Count(), homes.Count());
        var bytes = Batch(ids).RowBytes();
        Assert.All(parts, part => Assert.True((part.Count <= 8 && part.Sum(row => bytes[row]) <= 12) || part.Select(row => ids[row]).Distinct().Count() == 1));
    });

    [Fact]
    public void A_part_is_halved_at_a_border_of_groups_or_not_at_all() => Ids.Where(ids => ids.Length > 0).Sample(ids =>
    {
        string?[] sorted = [.. ids.OrderBy(id => id, StringComparer.Ordinal)];
        var middle = GroupColumns.Middle(Batch(sorted));

        Assert.InRange(middle, 0, sorted.Length - 1);
        if (middle > 0) Assert.True(sorted[middle] is null || sorted[middle] != sorted[middle - 1]);
        else Assert.True(sorted.Length == 1 || (sorted[0] is not null && sorted.Distinct().Count() == 1));
    });

    private static DataProto Batch(string?[] ids) => DataProto.Of([], [new(BatchKeys.GroupId, ValueColumn.OfText(ids))]);
}
