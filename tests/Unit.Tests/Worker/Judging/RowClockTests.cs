using Fleet.Worker.Judging;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Unit.Tests.Worker.Judging;

public sealed class RowClockTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task The_clock_stands_still_while_a_row_waits_for_its_turn()
    {
        using var clock = new RowClock(TimeSpan.FromSeconds(10), _time, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(4));
        var turn = new TaskCompletionSource();
        var waiting = clock.StandStillAsync(new ValueTask(turn.Task));
        _time.Advance(TimeSpan.FromHours(1));
        turn.SetResult();
        await waiting;

        Assert.False(clock.IsOver);
        Assert.Equal(TimeSpan.FromSeconds(6), clock.Left);
        _time.Advance(TimeSpan.FromSeconds(5.9));
        Assert.False(clock.IsOver);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(clock.IsOver);
        Assert.True(clock.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task A_wait_that_fails_leaves_the_clock_running()
    {
        using var clock = new RowClock(TimeSpan.FromSeconds(10), _time, CancellationToken.None);
        var turn = new TaskCompletionSource();
        var waiting = clock.StandStillAsync(new ValueTask(turn.Task)).AsTask();
        _time.Advance(TimeSpan.FromSeconds(60));
        turn.SetException(new InvalidOperationException("no turn"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => waiting);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(clock.IsOver);
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_no_late_row()
    {
        using var caller = new CancellationTokenSource();
        using var clock = new RowClock(TimeSpan.FromSeconds(10), _time, caller.Token);
        await caller.CancelAsync();
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.False(clock.IsOver);
        Assert.True(clock.Token.IsCancellationRequested);
    }
}
