using System.Threading.Channels;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Messages;
using Fleet.Contracts.Ranks;
using Fleet.Contracts.Wire;
using Fleet.Messaging;
using MassTransit;

namespace Fleet.QueueContract.Tests;

/// <summary>A worker that a test plays itself: it scores every row 1, and says so several times, from the second time on with the score 0; or it refuses everything.</summary>
internal sealed class ScriptedWorker(FleetBus bus, string domain, int repliesEach = 1, ReplyOutcome outcome = ReplyOutcome.Done, int wireVersion = CommandHeader.CurrentVersion, bool confirmsRuns = true, Func<Task>? beforeReply = null)
    : IConsumer<WorkerCommand>, IConsumer<InitializeRun>
{
    private const string Name = "scripted";

    private readonly Channel<string> _told = Channel.CreateUnbounded<string>();

    public async Task<IAsyncDisposable> ServeAsync()
    {
        var broadcasts = await bus.HearBroadcastsAsync(domain, Name, this, CancellationToken.None);
        var work = await bus.ServeWorkAsync(domain, slots: 1, this, CancellationToken.None);
        await AnnounceAsync(WorkerState.Live);
        return new Both(work, broadcasts);
    }

    /// <summary>Says of itself that it lives, or that it left.</summary>
    public Task AnnounceAsync(WorkerState state) => bus.AnnounceAsync(
        new WorkerAnnouncement
        {
            Worker = Name,
            Domain = domain,
            Lease = 7,
            State = state,
            WireVersion = wireVersion,
            Methods = [new RegisteredMethod(RegisteredMethod.ComputeRewards, DispatchMode.DpMpCompute)],
        },
        CancellationToken.None);

    /// <summary>Waits until it is told of a run once more, and gives the run's name.</summary>
    public async Task<string> ToldAsync() => await _told.Reader.ReadAsync().AsTask().WaitAsync(TestFleet.Patience);

    public async Task Consume(ConsumeContext<InitializeRun> context)
    {
        if (confirmsRuns)
        {
            await bus.ReplyAsync(
                context.Message.ReplyTo,
                new RunInitialized { RunId = context.Message.RunId, ConfigHash = context.Message.ConfigHash, Domain = domain, Worker = Name },
                context.CancellationToken);
        }

        _told.Writer.TryWrite(context.Message.RunId);
    }

    public async Task Consume(ConsumeContext<WorkerCommand> context)
    {
        var header = context.Message.Header;
        await bus.ReplyAsync(header.ReplyTo, new PartTaken { CallId = header.CallId, Part = header.Part, Attempt = header.Attempt, Worker = Name }, context.CancellationToken);
        if (beforeReply is not null) await beforeReply();
        for (var time = 0; time < repliesEach; time++)
        {
            var reply = new ReplyHeader { CallId = header.CallId, Part = header.Part, Attempt = header.Attempt, Outcome = outcome, Worker = Name, Error = outcome == ReplyOutcome.Done ? null : "It refuses." };
            await bus.ReplyAsync(header.ReplyTo, new WorkerReply(reply, BatchWriter.Write(Scores(header.Rows, time == 0 ? 1 : 0))), context.CancellationToken);
        }
    }

    private static DataProto Scores(int rows, double score) => DataProto.Of(
        [
            new(BatchKeys.Scores, Tensor.Of([.. Enumerable.Repeat((float)score, rows)], rows)),
            new(BatchKeys.ResponseLevelRewards, Tensor.Of([.. Enumerable.Repeat((float)score, rows)], rows)),
        ],
        []);

    private sealed class Both(IAsyncDisposable first, IAsyncDisposable second) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await first.DisposeAsync();
            await second.DisposeAsync();
        }
    }
}
