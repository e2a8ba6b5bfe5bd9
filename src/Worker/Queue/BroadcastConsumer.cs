using Fleet.Contracts.Messages;
using Fleet.Messaging;
using Fleet.Worker.Runs;
using MassTransit;

namespace Fleet.Worker.Queue;

/// <summary>Hears what is told to all workers of a domain: runs to be ready for, calls to stop, the roll call, and to leave.</summary>
internal sealed class BroadcastConsumer(DomainIdentity identity, FleetBus bus, RunRegistry runs, PartsInHand inHand, Announcer announcer, Action drain)
    : IConsumer<InitializeRun>, IConsumer<CancelCall>, IConsumer<RollCall>, IConsumer<DrainWorker>
{
    public async Task Consume(ConsumeContext<InitializeRun> context)
    {
        var run = context.Message;
        var error = await runs.InitializeAsync(run, identity.Rank, context.CancellationToken);
        // The methods of the run's class first, so that they are known when the run is.
        await announcer.AnnounceAsync(context.CancellationToken);
        await bus.ReplyAsync(
            run.ReplyTo,
            new RunInitialized
            {
                RunId = run.RunId,
                ConfigHash = run.ConfigHash,
                Domain = identity.Domain,
                Worker = identity.Worker,
                Error = error,
                Methods = runs.MethodsOf(run.RunId, run.ConfigHash),
            },
            context.CancellationToken);
    }

    public Task Consume(ConsumeContext<CancelCall> context)
    {
        inHand.Cancel(context.Message.CallId);
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<DrainWorker> context)
    {
        if (context.Message.Worker is null || context.Message.Worker == identity.Worker) drain();
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<RollCall> context) => announcer.AnnounceAsync(context.CancellationToken);
}
