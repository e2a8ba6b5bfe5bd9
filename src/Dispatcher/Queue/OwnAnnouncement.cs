using System.Globalization;
using Fleet.Contracts.Messages;
using Fleet.Dispatcher.Dispatch;
using Fleet.Dispatcher.Runs;

namespace Fleet.Dispatcher.Queue;

/// <summary>What this dispatcher says of itself when it is asked.</summary>
internal sealed class OwnAnnouncement(DispatcherIdentity identity, CallFactory calls, PartDesk desk)
{
    public DispatcherAnnouncement Now()
    {
        var parts = desk.Outstanding.ToLookup(part => part.Header.CallId);
        return new DispatcherAnnouncement
        {
            Dispatcher = identity.Name,
            Host = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}"),
            Calls =
            [
                .. calls.Calls.Select(call => call.Context).Select(call => new OpenCallInfo
                {
                    CallId = call.CallId,
                    RunId = call.Run.RunId,
                    Lane = call.Lane,
                    Deadline = call.Deadline,
                    RowsWaiting = parts[call.CallId].Sum(part => part.Header.Rows),
                    PartsWaiting = parts[call.CallId].Count(),
                    PartsInHand = parts[call.CallId].Count(part => part.TakenBy is not null),
                }),
            ],
        };
    }
}
