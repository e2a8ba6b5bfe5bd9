using Fleet.Worker.Queue;

namespace Fleet.Unit.Tests.Worker.Queue;

public sealed class ProcessRoomTests
{
    private readonly ProcessRoom _room = new();

    [Fact]
    public async Task Who_wants_to_be_alone_waits_until_all_have_left_and_goes_before_those_who_come_later()
    {
        await _room.EnterAsync(alone: false, CancellationToken.None);
        await _room.EnterAsync(alone: false, CancellationToken.None);
        var alone = _room.EnterAsync(alone: true, CancellationToken.None).AsTask();
        var later = _room.EnterAsync(alone: false, CancellationToken.None).AsTask();

        _room.Leave();
        Assert.False(alone.IsCompleted);
        _room.Leave();
        await alone;
        Assert.False(later.IsCompleted);

        _room.Leave();
        await later;
    }

    [Fact]
    public async Task Two_are_never_alone_together()
    {
        await _room.EnterAsync(alone: true, CancellationToken.None);
        var second = _room.EnterAsync(alone: true, CancellationToken.None).AsTask();
        Assert.False(second.IsCompleted);

        _room.Leave();
        await second;
    }

    [Fact]
    public async Task Who_gives_up_waiting_lets_the_others_in()
    {
        await _room.EnterAsync(alone: false, CancellationToken.None);
        using var cancel = new CancellationTokenSource();
        var alone = _room.EnterAsync(alone: true, cancel.Token).AsTask();
        var later = _room.EnterAsync(alone: false, CancellationToken.None).AsTask();

        await cancel.CancelAsync();

        await Assert.ThrowsAsync<TaskCanceledException>(() => alone);
        await later;
    }
}
