using Fleet.Contracts.Messages;

namespace Fleet.Worker.Queue;

/// <summary>The last replies of a worker whose domain is not repeatable: a part that comes again gets the same answer, not a second opinion.</summary>
/// <remarks>
/// A part comes again when a connection was lost: at once, or when the broker is back. After that a reply is of no use, and so
/// many of one row each are as much as a few large ones.
/// </remarks>
internal sealed class ReplyStore(TimeProvider time, long maxBytes = 64 * 1024 * 1024)
{
    // What a reply holds beside its payload: its header, and its places here.
    private const int Overhead = 512;

    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<PartKey, WorkerReply> _replies = [];
    private readonly Queue<(PartKey Key, long At)> _inOrder = new();
    private long _bytes;

    public WorkerReply? Find(PartKey key)
    {
        lock (_lock) return _replies.GetValueOrDefault(key);
    }

    public void Keep(WorkerReply reply)
    {
        // A payload is cut out of a larger array.
        var kept = new WorkerReply(reply.Header, reply.Payload.ToArray());
        var key = new PartKey(reply.Header.CallId, reply.Header.Part);
        lock (_lock)
        {
            if (!_replies.TryAdd(key, kept)) return;
            _inOrder.Enqueue((key, time.GetTimestamp()));
            _bytes += Size(kept);
            while (_inOrder.Count > 1 && (_bytes > maxBytes || time.GetElapsedTime(_inOrder.Peek().At) > KeptFor))
            {
                if (_replies.Remove(_inOrder.Dequeue().Key, out var oldest)) _bytes -= Size(oldest);
            }
        }
    }

    private static long Size(WorkerReply reply) => reply.Payload.Length + Overhead;
}
