using System.Collections.Concurrent;
using Fleet.Contracts.Messages;

namespace Fleet.Dispatcher.Dispatch;

/// <summary>Up to when the shared queues were served: a part that was sent before that, and that nobody took, is in the buffer of some worker.</summary>
/// <remarks>A queue is first in, first out, and the evaluation lane goes before the training lane.</remarks>
internal sealed class ServedQueues(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Domain, Lane Lane), long> _upTo = new();

    /// <summary>A worker took a part.</summary>
    public void Took(OutstandingPart part)
    {
        var (domain, lane) = (part.Header.Domain, part.Header.Lane);
        if (part.Lease is null) Advance(domain, lane, part.SentAt);
        if (lane == Lane.Training) Advance(domain, Lane.Evaluation, time.GetTimestamp());
    }

    /// <summary>Whether others passed a part that nobody took, which were sent so much later.</summary>
    public bool HavePassed(OutstandingPart part, TimeSpan by) =>
        part is { TakenBy: null, Lease: null, SentAt: > 0 }
        && _upTo.TryGetValue((part.Header.Domain, part.Header.Lane), out var upTo) && time.GetElapsedTime(part.SentAt, upTo) > by;

    private void Advance(string domain, Lane lane, long upTo) => _upTo.AddOrUpdate((domain, lane), upTo, (_, before) => Math.Max(before, upTo));
}
