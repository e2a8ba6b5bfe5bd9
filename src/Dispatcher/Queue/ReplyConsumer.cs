using Fleet.Contracts.Messages;
using Fleet.Dispatcher.Dispatch;
using Fleet.Dispatcher.Runs;
using MassTransit;

namespace Fleet.Dispatcher.Queue;

/// <summary>Takes what workers send to this dispatcher.</summary>
internal sealed class ReplyConsumer(PartDesk desk, RunDirectory runs)
    : IConsumer<WorkerReply>, IConsumer<PartTaken>, IConsumer<RunInitialized>, IConsumer<RunRequested>
{
    public Task Consume(ConsumeContext<WorkerReply> context)
    {
        desk.Replied(context.Message);
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<PartTaken> context)
    {
        desk.Taken(context.Message);
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<RunInitialized> context)
    {
        runs.Confirmed(context.Message);
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<RunRequested> context) => runs.AnswerAsync(context.Message, context.CancellationToken);
}
