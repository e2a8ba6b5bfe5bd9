using Fleet.Contracts.Messages;
using Fleet.Worker.Queue;

namespace Fleet.Unit.Tests.Worker.Queue;

public sealed class ReplyStoreTests
{
    private static readonly Guid Call = Guid.NewGuid();

    [Fact]
    public void The_first_reply_to_a_part_is_kept()
    {
        var (store, first) = (new ReplyStore(), Reply(0, 10));
        store.Keep(first);
        store.Keep(Reply(0, 20));

        Assert.Same(first, store.Find(new PartKey(Call, 0)));
        Assert.Null(store.Find(new PartKey(Call, 1)));
        Assert.Null(store.Find(new PartKey(Guid.NewGuid(), 0)));
    }

    [Fact]
    public void The_oldest_go_when_there_are_too_many_bytes_but_never_the_last()
    {
        var store = new ReplyStore(maxBytes: 100);
        for (var part = 0; part < 4; part++) store.Keep(Reply(part, 40));
        Assert.Equal([false, false, true, true], Enumerable.Range(0, 4).Select(part => store.Find(new PartKey(Call, part)) is not null));

        store.Keep(Reply(4, 1000));
        Assert.Equal([false, false, false, false, true], Enumerable.Range(0, 5).Select(part => store.Find(new PartKey(Call, part)) is not null));
    }

    private static WorkerReply Reply(int part, int bytes) => new(new ReplyHeader { CallId = Call, Part = part, Outcome = ReplyOutcome.Done, Worker = "w" }, new byte[bytes]);
}
