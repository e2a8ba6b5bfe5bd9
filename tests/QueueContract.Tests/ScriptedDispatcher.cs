using System.Threading.Channels;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Messages;
using Fleet.Contracts.Names;
using Fleet.Contracts.Ranks;
using Fleet.Contracts.Wire;
using Fleet.Dispatcher.Runs;
using Fleet.Messaging;
using MassTransit;

namespace Fleet.QueueContract.Tests;

/// <summary>A dispatcher that a test plays itself: it sends one command at a time, as often as the test says.</summary>
internal sealed class ScriptedDispatcher(FleetBus bus, RunDefinition run, string domain) : IConsumer<WorkerReply>
{
    private readonly string _name = "scripted-" + Guid.NewGuid().ToString("N")[..8];
    private readonly Guid _call = Guid.NewGuid();
    private readonly Channel<WorkerReply> _replies = Channel.CreateUnbounded<WorkerReply>();
    private ReadOnlyMemory<byte> _payload;

    public Task<IAsyncDisposable> ListenAsync() => bus.ReceiveRepliesAsync(_name, this, CancellationToken.None);

    public async Task Consume(ConsumeContext<WorkerReply> context) => await _replies.Writer.WriteAsync(context.Message);

    /// <summary>The scores of the rows, by whichever rank takes them.</summary>
    public async Task<double[]> AskAsync(DataProto rows, int part)
    {
        var reply = await SendAsync(rows, part);
        Assert.Equal((part, ReplyOutcome.Done, null), (reply.Part, reply.Outcome, reply.Error));
        var scores = BatchReader.Read(_payload).NonTensorBatch[BatchKeys.Score];
        return [.. Enumerable.Range(0, scores.Length).Select(row => scores.Number(row)!.Value)];
    }

    /// <summary>Sends a command and waits for its reply.</summary>
    public async Task<ReplyHeader> SendAsync(DataProto rows, int part, int version = CommandHeader.CurrentVersion)
    {
        var header = new CommandHeader
        {
            Version = version,
            CallId = _call,
            Part = part,
            RunId = run.RunId,
            ConfigHash = run.Domain(domain)!.ConfigHash,
            Domain = domain,
            Method = RegisteredMethod.ComputeRewards,
            Rows = rows.Length,
            ReplyTo = _name,
        };
        Assert.True(await bus.TrySendAsync(QueueNames.Work(domain), new WorkerCommand(header, BatchWriter.Write(rows)), null, isPersistent: true, CancellationToken.None));
        var reply = await _replies.Reader.ReadAsync().AsTask().WaitAsync(TestFleet.Patience);
        _payload = reply.Payload;
        return reply.Header;
    }
}
