using Fleet.Contracts.Messages;
using Fleet.Dispatcher.Clusters;
using Fleet.Dispatcher.Dispatch;
using Fleet.Messaging;
using MassTransit;

namespace Fleet.Dispatcher.Queue;

/// <summary>Hears what workers and other dispatchers tell of themselves, and what operators ask of all dispatchers.</summary>
internal sealed class AnnouncementConsumer(Membership membership, Peers peers, CallFactory calls, OwnAnnouncement own, FleetBus bus)
    : IConsumer<WorkerAnnouncement>, IConsumer<DispatcherAnnouncement>, IConsumer<DispatcherRollCall>, IConsumer<CancelRequested>
{
    public Task Consume(ConsumeContext<WorkerAnnouncement> context)
    {
        membership.Hear(context.Message);
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<DispatcherAnnouncement> context)
    {
        peers.Hear(context.Message);
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<DispatcherRollCall> context) => bus.AnnounceAsync(own.Now(), context.CancellationToken);

    public Task Consume(ConsumeContext<CancelRequested> context)
    {
        calls.Cancel(context.Message);
        return Task.CompletedTask;
    }
}
