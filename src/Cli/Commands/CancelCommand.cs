using System.CommandLine;
using System.Globalization;
using Fleet.Contracts;
using Fleet.Contracts.Messages;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet cancel</c>: ends calls: their dispatchers are asked to, and where none is left, the workers are told.</summary>
internal static class CancelCommand
{
    public static Command Create()
    {
        var call = new Option<string?>("--call") { Description = "The call, as 'fleet status' shows it; its dispatcher may be gone.", HelpName = "ID" };
        var run = new Option<string?>("--run") { Description = "All calls of a run that a dispatcher has open.", HelpName = "ID" };
        var all = new Option<bool>("--all") { Description = "All calls of the fleet." };
        return FleetConnection.Command(
            new Command("cancel", "End calls of a running fleet: their rows end as cancelled, queued parts are dropped, running ones stopped.") { call, run, all },
            async (fleet, parsed, cancellation) =>
            {
                var request = Read(parsed.GetValue(call), parsed.GetValue(run), parsed.GetValue(all));
                await fleet.RollCallAsync(cancellation);
                var open = fleet.OpenCalls.Where(found => (request.CallId is null || request.CallId == found.CallId) && (request.RunId is null || request.RunId == found.RunId)).ToList();
                var orphans = Orphans(fleet, request, open);
                if (open.Count + orphans.Count == 0) throw new FleetException("There is no such call; 'fleet status' lists those that are open.");
                await fleet.Bus.AnnounceAsync(request, cancellation);
                foreach (var ended in open) Console.WriteLine($"cancelled call {ended.CallId:N} of run {ended.RunId}: {ended.RowsWaiting.ToString("N0", CultureInfo.InvariantCulture)} rows were waiting");
                foreach (var ended in orphans) await DropAsync(fleet, ended, cancellation);
                return ExitCode.Done;
            });
    }

    // Calls that no dispatcher answers for any more. One that is named may be queued only, where nobody sees it.
    private static List<Guid> Orphans(FleetConnection fleet, CancelRequested request, List<OpenCallInfo> open) => request switch
    {
        { CallId: { } named } => open.Count == 0 ? [named] : [],
        { RunId: not null } => [],
        _ => [.. fleet.Orphans.Select(orphan => orphan.Call)],
    };

    private static async Task DropAsync(FleetConnection fleet, Guid call, CancellationToken cancellation)
    {
        foreach (var domain in fleet.Domains) await fleet.Bus.BroadcastAsync(domain, new CancelCall { CallId = call, Domain = domain }, cancellation);
        Console.WriteLine($"no dispatcher has call {call:N}: the workers drop what is left of it");
    }

    private static CancelRequested Read(string? call, string? run, bool all)
    {
        if ((call is not null ? 1 : 0) + (run is not null ? 1 : 0) + (all ? 1 : 0) != 1) throw new FleetException("Say what to cancel: --call ID, --run ID or --all.");
        if (call is null) return new CancelRequested { RunId = run };
        return Guid.TryParse(call, out var id) ? new CancelRequested { CallId = id } : throw new FleetException($"'{call}' is no id of a call; 'fleet status' shows them.");
    }
}
