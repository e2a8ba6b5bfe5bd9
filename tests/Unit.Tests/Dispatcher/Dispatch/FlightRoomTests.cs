using Fleet.Dispatcher.Dispatch;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Unit.Tests.Dispatcher.Dispatch;

public sealed class FlightRoomTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Rows_and_bytes_are_bounded_and_one_large_row_goes_alone()
    {
        var room = new FlightRoom(maxRows: 2, maxBytes: 10);
        Assert.True(room.TryEnter(4));
        Assert.False(room.TryEnter(7));
        Assert.True(room.TryEnter(6));
        Assert.False(room.TryEnter(0));

        room.Leave(4);
        Assert.True(room.TryEnter(4));
        room.Leave(4);
        room.Leave(6);
        Assert.True(room.TryEnter(11));
        Assert.False(room.TryEnter(1));
    }

    [Fact]
    public async Task Who_waits_goes_in_when_there_is_room_for_it()
    {
        var room = new FlightRoom(maxRows: 9, maxBytes: 10);
        Assert.True(room.TryEnter(5));
        Assert.True(room.TryEnter(5));
        var waiting = room.EnterAsync(8, Long, _time, CancellationToken.None);

        room.Leave(5);
        Assert.False(waiting.IsCompleted);
        room.Leave(5);

        Assert.True(await waiting);
        Assert.False(room.TryEnter(3));
    }

    [Fact]
    public async Task Waiting_ends_without_room_when_patience_does_and_when_it_is_cancelled()
    {
        var room = new FlightRoom(maxRows: 1, maxBytes: 10);
        Assert.True(room.TryEnter(1));
        using var cancel = new CancellationTokenSource();
        var impatient = room.EnterAsync(1, TimeSpan.FromSeconds(1), _time, CancellationToken.None);
        var cancelled = room.EnterAsync(1, Long, _time, cancel.Token);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await impatient);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        room.Leave(1);
        Assert.True(room.TryEnter(1));
    }
}
