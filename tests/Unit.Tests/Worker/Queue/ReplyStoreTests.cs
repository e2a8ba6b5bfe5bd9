using Fleet.Contracts.Messages;
using Fleet.Worker.Queue;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Unit.Tests.Worker.Queue;

public sealed class ReplyStoreTests
{
    private static readonly Guid Call = Guid.NewGuid();

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void The_first_reply_to_a_part_is_kept()
    {
        var (store, first) = (new ReplyStore(_time), Reply(0, 10));
        store.Keep(first);
        store.Keep(Reply(0, 20));

        Assert.Equal(first.Payload.Length, store.Find(new PartKey(Call, 0))!.Payload.Length);
        Assert.Null(store.Find(new PartKey(Call, 1)));
        Assert.Null(store.Find(new PartKey(Guid.NewGuid(), 0)));
    }

    [Fact]
    public void The_oldest_go_when_there_are_too_many_bytes_but_never_the_last()
    {
        var store = new ReplyStore(_time, maxBytes: 10_000);
        for (var part = 0; part < 4; part++) store.Keep(Reply(part, 4_000));
        Assert.Equal([false, false, true, true], Enumerable.Range(0, 4).Select(part => store.Find(new PartKey(Call, part)) is not null));

        store.Keep(Reply(4, 100_000));
        Assert.Equal([false, false, false, false, true], Enumerable.Range(0, 5).Select(part => store.Find(new PartKey(Call, part)) is not null));
    }

    [Fact]
    public void What_is_old_goes()
    {
        var store = new ReplyStore(_time);
        store.Keep(Reply(0, 10));
        _time.Advance(TimeSpan.FromMinutes(4));
        store.Keep(Reply(1, 10));
        Assert.NotNull(store.Find(new PartKey(Call, 0)));

        _time.Advance(TimeSpan.FromMinutes(2));
        store.Keep(Reply(2, 10));

        Assert.Equal([false, true, true], Enumerable.Range(0, 3).Select(part => store.Find(new PartKey(Call, part)) is not null));
    }

    [Fact]
    public void What_a_reply_was_cut_out_of_is_not_kept()
    {
        var store = new ReplyStore(_time);
        var large = new byte[1_000_000];
        store.Keep(new WorkerReply(Reply(0, 0).Header, large.AsMemory(0, 10)));

        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(store.Find(new PartKey(Call, 0))!.Payload, out var array));
        Assert.Equal(10, array.Array!.Length);
    }

    private static WorkerReply Reply(int part, int bytes) => new(new ReplyHeader { CallId = Call, Part = part, Outcome = ReplyOutcome.Done, Worker = "w" }, new byte[bytes]);
}
