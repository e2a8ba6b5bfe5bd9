using Fleet.Contracts.Messages;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Clusters;
using Fleet.Dispatcher.Dispatch;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Unit.Tests.Dispatcher.Dispatch;

public sealed class PartWindowTests
{
    private const string Domain = "math_rule";
    private const int Least = 256;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly Membership _members;
    private readonly PartWindow _window;

    public PartWindowTests()
    {
        _members = new Membership(new DispatcherOptions(), _time, NullLogger<Membership>.Instance);
        _window = new PartWindow(_members, _time);
    }

    [Fact]
    public async Task The_others_wait_and_follow_in_their_order()
    {
        var places = await FillAsync();
        var (first, second) = (EnterAsync(rows: 7), EnterAsync(rows: 5));
        Assert.Equal(12, _window.WaitingRows[Domain]);
        // Another lane, and another domain, have room.
        Assert.NotNull(await EnterAsync(lane: Lane.Evaluation));
        Assert.NotNull(await _window.EnterAsync("ifeval", Lane.Training, 1, Task.CompletedTask, Minute, CancellationToken.None));

        places[3].Dispose();

        Assert.NotNull(await first);
        Assert.False(second.IsCompleted);
        Assert.Equal(5, _window.WaitingRows[Domain]);
        places[9].Dispose();
        Assert.NotNull(await second);
        Assert.Equal(0, _window.WaitingRows[Domain]);
    }

    [Fact]
    public async Task A_part_stands_in_line_when_the_one_before_it_has_gone()
    {
        var places = await FillAsync();
        var before = new TaskCompletionSource();
        var (late, early) = (EnterAsync(before: before.Task), EnterAsync());

        places[0].Dispose();
        Assert.NotNull(await early);
        before.SetResult();
        Assert.False(late.IsCompleted);
        places[1].Dispose();
        Assert.NotNull(await late);
    }

    [Fact]
    public async Task Who_gives_up_or_is_late_takes_no_room()
    {
        var places = await FillAsync();
        using var cancel = new CancellationTokenSource();
        var (cancelled, late, patient) = (EnterAsync(cancellation: cancel.Token), EnterAsync(patience: TimeSpan.FromSeconds(1)), EnterAsync());

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await late);

        places[0].Dispose();
        Assert.NotNull(await patient);
        Assert.Equal(0, _window.WaitingRows[Domain]);
    }

    [Fact]
    public async Task Workers_with_many_slots_make_more_room()
    {
        _members.Hear(new WorkerAnnouncement { Worker = "a", Domain = Domain, Lease = 0, State = WorkerState.Live, Slots = 20, FreeSlots = 20 });
        await FillAsync(16 * 20);

        Assert.False(EnterAsync().IsCompleted);
    }

    private async Task<List<PartWindow.Place>> FillAsync(int parts = Least)
    {
        var places = new List<PartWindow.Place>();
        for (var part = 0; part < parts; part++) places.Add((await EnterAsync())!);
        return places;
    }

    private Task<PartWindow.Place?> EnterAsync(int rows = 1, Lane lane = Lane.Training, Task? before = null, TimeSpan? patience = null, CancellationToken cancellation = default) =>
        _window.EnterAsync(Domain, lane, rows, before ?? Task.CompletedTask, patience ?? Minute, cancellation);
}
