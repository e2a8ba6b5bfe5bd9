using Fleet.Contracts.Messages;
using Fleet.Dispatcher.Runs;

namespace Fleet.Dispatcher.Dispatch;

/// <summary>What all parts of one call share.</summary>
/// <param name="callId">The call.</param>
/// <param name="run">The run whose configuration is used.</param>
/// <param name="deadline">When the call ends, answered or not.</param>
/// <param name="lane">Which calls it goes before.</param>
/// <param name="replyTo">The dispatcher that waits.</param>
internal sealed class CallContext(Guid callId, RunDefinition run, DateTimeOffset deadline, Lane lane, string replyTo)
{
    private int _parts = -1;

    public Guid CallId => callId;

    public RunDefinition Run => run;

    public DateTimeOffset Deadline => deadline;

    public Lane Lane => lane;

    /// <summary>How long the call still has; never negative, and never longer than a timer can wait.</summary>
    public TimeSpan Left(TimeProvider time) => TimeSpan.FromTicks(Math.Clamp((deadline - time.GetUtcNow()).Ticks, 0, TimeSpan.TicksPerDay));

    /// <summary>Whether parts that are given up are kept with the dead letters.</summary>
    public bool BuryFailures { get; init; } = true;

    /// <summary>Whether an operator ended the call.</summary>
    public bool IsEndedByOperator { get; set; }

    /// <summary>The head of the next part of the call.</summary>
    public CommandHeader NextPart(DomainDefinition domain, string method, int rows) => new()
    {
        CallId = callId,
        Part = Interlocked.Increment(ref _parts),
        RunId = run.RunId,
        ConfigHash = domain.ConfigHash,
        Domain = domain.ServedBy,
        Method = method,
        Rows = rows,
        Lane = lane,
        Deadline = deadline,
        ReplyTo = replyTo,
        TraceParent = System.Diagnostics.Activity.Current?.Id,
    };
}
