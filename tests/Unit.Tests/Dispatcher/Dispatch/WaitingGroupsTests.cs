using System.Text.Json;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Dispatch;
using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Runs;

namespace Fleet.Unit.Tests.Dispatcher.Dispatch;

public sealed class WaitingGroupsTests
{
    private static readonly DomainDefinition Domain = new("d", "d", [], []);

    private readonly WaitingGroups _groups = new(new DispatcherOptions());

    [Fact]
    public void A_group_goes_when_it_is_whole_and_rows_without_one_at_once()
    {
        Assert.Equal([2L], Sequences(_groups.Add(Part((1, "a", 2), (2, null, 0)))));
        Assert.Equal([1L, 3L], Sequences(_groups.Add(Part((3, "a", 2)))));
    }

    [Fact]
    public void Once_closed_groups_go_as_they_are_and_none_waits_any_more()
    {
        Assert.Empty(_groups.Add(Part((1, "a", 3), (2, "b", 3))));

        Assert.Equal([1L, 2L], Sequences(_groups.Close()));
        Assert.Equal([3L], Sequences(_groups.Add(Part((3, "a", 3)))));
        Assert.Empty(_groups.TakeAll());
    }

    private static IEnumerable<long> Sequences(IEnumerable<OpenPart> parts) => parts.SelectMany(part => part.Sequences).Order();

    private static OpenPart Part(params (long Sequence, string? Group, int Size)[] rows)
    {
        var part = new OpenPart(Domain);
        foreach (var (sequence, group, size) in rows)
        {
            part.Add(sequence, Row.Of(sequence, JsonSerializer.SerializeToElement(new { response = "x", group_id = group, group_size = size }), 10, int.MaxValue));
        }

        return part;
    }
}
