using Fleet.Contracts.Messages;
using Fleet.Worker.Queue;

namespace Fleet.Unit.Tests.Worker.Queue;

public sealed class PartsInHandTests
{
    private static readonly Guid Call = Guid.NewGuid();

    private readonly PartsInHand _parts = new(TimeProvider.System);

    [Fact]
    public void The_same_part_is_worked_on_once_at_a_time()
    {
        using (var first = _parts.TryBegin(Header(0), CancellationToken.None))
        {
            Assert.NotNull(first);
            Assert.Null(_parts.TryBegin(Header(0) with { Attempt = 1 }, CancellationToken.None));
            using var another = _parts.TryBegin(Header(1), CancellationToken.None);
            Assert.Equal([$"{Call:N}/0", $"{Call:N}/1"], _parts.Keys.Order());
        }

        Assert.Equal(0, _parts.Count);
        using var again = _parts.TryBegin(Header(0), CancellationToken.None);
        Assert.NotNull(again);
    }

    [Fact]
    public void Cancelling_a_call_stops_its_parts_and_keeps_the_rest_from_starting()
    {
        using var running = _parts.TryBegin(Header(0), CancellationToken.None)!;
        using var other = _parts.TryBegin(Header(0) with { CallId = Guid.NewGuid() }, CancellationToken.None)!;

        _parts.Cancel(Call);
        using var late = _parts.TryBegin(Header(1), CancellationToken.None)!;

        Assert.Equal((true, false, true), (running.Token.IsCancellationRequested, other.Token.IsCancellationRequested, late.Token.IsCancellationRequested));
        Assert.True(_parts.IsCancelled(Call));
    }

    [Fact]
    public void What_was_cancelled_gets_no_answer_and_what_ran_out_of_time_does()
    {
        using var cancelled = _parts.TryBegin(Header(0), CancellationToken.None)!;
        using var late = _parts.TryBegin(Header(0) with { CallId = Guid.NewGuid(), Deadline = TimeProvider.System.GetUtcNow().AddSeconds(-1) }, CancellationToken.None)!;

        _parts.Cancel(Call);

        Assert.Equal((true, false), (cancelled.IsUnwanted, late.IsUnwanted));
        Assert.True(late.Token.IsCancellationRequested);
    }

    [Fact]
    public void A_part_past_its_deadline_is_stopped()
    {
        using var late = _parts.TryBegin(Header(0) with { Deadline = TimeProvider.System.GetUtcNow().AddSeconds(-1) }, CancellationToken.None)!;
        using var inTime = _parts.TryBegin(Header(1) with { Deadline = TimeProvider.System.GetUtcNow().AddDays(400) }, CancellationToken.None)!;

        Assert.Equal((true, false), (late.Token.IsCancellationRequested, inTime.Token.IsCancellationRequested));
    }

    [Fact]
    public void Cancellations_are_forgotten_in_their_order_and_not_without_end()
    {
        _parts.Cancel(Call);
        for (var i = 0; i < 5000; i++) _parts.Cancel(Guid.NewGuid());

        Assert.False(_parts.IsCancelled(Call));
    }

    private static CommandHeader Header(int part) => new() { CallId = Call, Part = part, RunId = "r", ConfigHash = "h", Domain = "d", Method = "m", ReplyTo = "me" };
}
