using Fleet.Contracts.Messages;
using Fleet.Dispatcher.Clusters;
using MassTransit;

namespace Fleet.Dispatcher.Queue;

/// <summary>Hears what workers tell of themselves.</summary>
internal sealed class AnnouncementConsumer(Membership membership) : IConsumer<WorkerAnnouncement>
{
    public Task Consume(ConsumeContext<WorkerAnnouncement> context)
    {
        membership.Hear(context.Message);
        return Task.CompletedTask;
    }
}
