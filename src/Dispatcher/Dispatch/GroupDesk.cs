using System.Collections.Concurrent;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Wire;
using Fleet.Dispatcher.Clusters;
using Fleet.Dispatcher.Runs;

namespace Fleet.Dispatcher.Dispatch;

/// <summary>Has rows scored by a model that several ranks make together: every rank of one group gets them, and the collecting one answers.</summary>
/// <remarks>
/// A group has one part of this dispatcher at a time, so that its ranks do the same work in the same order. When one of them
/// is lost, so is the part; whoever asked has it done by another group.
/// </remarks>
internal sealed class GroupDesk(PartDesk desk, Membership membership, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Domain, int FirstLease), SemaphoreSlim> _groups = new();
    private int _turn = -1;

    /// <summary>Sends rows to one group.</summary>
    /// <param name="call">The call.</param>
    /// <param name="domain">The domain of all rows.</param>
    /// <param name="method">Wire name of the method.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="dpRank">The data-parallel rank of the group; null for the one whose turn it is.</param>
    /// <param name="cancellation">Gives the rows up.</param>
    public async Task<PartAnswer> SendAsync(CallContext call, DomainDefinition domain, string method, DataProto rows, int? dpRank, CancellationToken cancellation)
    {
        try
        {
            if (!await membership.WaitAsync(_ => Snapshot(domain).DpSize > 0, call.Left(time), cancellation))
            {
                return new PartAnswer(PartOutcome.NoWorker, null, $"No group of {domain.TpSize} x {domain.PpSize} ranks of the domain '{domain.Domain}' was complete until the deadline.");
            }

            var snapshot = Snapshot(domain);
            if (snapshot.DpSize == 0) return new PartAnswer(PartOutcome.WorkerLost, null, "The group lost a rank.");
            var wanted = (dpRank ?? (Interlocked.Increment(ref _turn) & int.MaxValue)) % snapshot.DpSize;
            var group = snapshot.Ranks.Where(rank => rank.Info.DpRank == wanted).ToList();

            var room = _groups.GetOrAdd((domain.ServedBy, group[0].Lease), _ => new SemaphoreSlim(1));
            await room.WaitAsync(cancellation);
            try
            {
                return await SendToAllAsync(call, domain, method, rows, group, snapshot, cancellation);
            }
            finally
            {
                room.Release();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new PartAnswer(PartOutcome.Cancelled, null, "The call was cancelled.");
        }
    }

    private async Task<PartAnswer> SendToAllAsync(
        CallContext call, DomainDefinition domain, string method, DataProto rows, List<ClusterRank> group, ClusterSnapshot snapshot, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var payload = BatchWriter.Write(rows);
        var running = group.ToDictionary(rank => SendToAsync(rank), rank => rank.Info.IsCollecting);
        var lost = membership.WaitAsync(live => group.Any(rank => !live.IsLive(rank.Worker)), call.Left(time), ended.Token);
        PartAnswer? result = null;
        try
        {
            while (running.Count > 0)
            {
                await Task.WhenAny([lost, .. running.Keys]);
                var done = running.Keys.FirstOrDefault(task => task.IsCompleted);
                if (done is null)
                {
                    // What the collecting rank has said stands; the rest is only awaited so that the group is free again.
                    if (result is not null) break;
                    if (await lost) return new PartAnswer(PartOutcome.WorkerLost, null, "Its group lost a rank.");

                    // The call's deadline; the parts say so themselves.
                    lost = new TaskCompletionSource<bool>().Task;
                    continue;
                }

                running.Remove(done, out var isCollecting);
                var answer = await done;
                if (answer.Outcome == PartOutcome.Done && isCollecting) result = answer;
                else if (answer.Outcome != PartOutcome.Done && result is null) return answer;
            }

            return result!.Value;
        }
        finally
        {
            await ended.CancelAsync();
        }

        Task<PartAnswer> SendToAsync(ClusterRank rank)
        {
            var header = call.NextPart(domain, method, rows.Length) with { Rank = rank.Info.Rank, DpSize = snapshot.DpSize, RankInfo = rank.Info, Epoch = snapshot.Epoch };
            return desk.SendAsync(header, payload, rank.Lease, ended.Token, isFrozen: true);
        }
    }

    private ClusterSnapshot Snapshot(DomainDefinition domain) => membership.Snapshot(domain.ServedBy, domain.TpSize, domain.PpSize);
}
