using Fleet.Contracts.Messages;

namespace Fleet.Worker.Queue;

/// <summary>The last replies of a worker whose domain is not repeatable: a part that comes again gets the same answer, not a second opinion.</summary>
internal sealed class ReplyStore(long maxBytes = 64 * 1024 * 1024)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<PartKey, WorkerReply> _replies = [];
    private readonly Queue<PartKey> _inOrder = new();
    private long _bytes;

    public WorkerReply? Find(PartKey key)
    {
        lock (_lock) return _replies.GetValueOrDefault(key);
    }

    public void Keep(WorkerReply reply)
    {
        var key = new PartKey(reply.Header.CallId, reply.Header.Part);
        lock (_lock)
        {
            if (!_replies.TryAdd(key, reply)) return;
            _inOrder.Enqueue(key);
            _bytes += reply.Payload.Length;
            while (_bytes > maxBytes && _inOrder.Count > 1)
            {
                if (_replies.Remove(_inOrder.Dequeue(), out var oldest)) _bytes -= oldest.Payload.Length;
            }
        }
    }
}
