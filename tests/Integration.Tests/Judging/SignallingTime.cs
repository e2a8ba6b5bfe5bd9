using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Integration.Tests.Judging;

/// <summary>A clock that stands still until a test moves it, and tells the test of every timer that is set.</summary>
internal sealed class SignallingTime : TimeProvider
{
    private readonly FakeTimeProvider _inner = new();
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override long TimestampFrequency => _inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _inner.GetUtcNow();

    public override long GetTimestamp() => _inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = _inner.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return new SignallingTimer(timer, _timers.Writer);
    }

    /// <summary>How far the clock was moved.</summary>
    public TimeSpan Elapsed => _inner.GetUtcNow() - _inner.Start;

    /// <summary>Lets a task run to its end, and the clock past every timer that is at most this long.</summary>
    public async Task<T> DriveAsync<T>(Task<T> task, TimeSpan longest)
    {
        while (!task.IsCompleted)
        {
            var timer = _timers.Reader.WaitToReadAsync().AsTask();
            if (await Task.WhenAny(task, timer) == task) break;
            while (_timers.Reader.TryRead(out var due))
                if (due > TimeSpan.Zero && due <= longest) _inner.Advance(due);
        }

        return await task;
    }

    private sealed class SignallingTimer(ITimer inner, ChannelWriter<TimeSpan> timers) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = inner.Change(dueTime, period);
            timers.TryWrite(dueTime);
            return changed;
        }

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
