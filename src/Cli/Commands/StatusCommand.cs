using System.CommandLine;
using System.Globalization;
using Fleet.Contracts.Messages;
using Spectre.Console;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet status</c>: who lives, what is called, and what waits, on a broker.</summary>
internal static class StatusCommand
{
    public static Command Create() => FleetConnection.Command(
        new Command("status", "Show a running fleet: its workers, the calls that are open, and how long its queues are."),
        async (fleet, _, cancellation) =>
        {
            await fleet.RollCallAsync(cancellation);
            // Into a file or another program: no line is broken.
            if (!AnsiConsole.Profile.Out.IsTerminal) AnsiConsole.Profile.Width = 200;
            ShowWorkers(fleet.Dispatcher.Membership.Workers);
            ShowCalls(fleet);
            await ShowQueuesAsync(fleet, cancellation);
            return ExitCode.Done;
        });

    private static void ShowWorkers(IReadOnlyList<WorkerAnnouncement> workers)
    {
        if (workers.Count == 0)
        {
            AnsiConsole.WriteLine("No worker answers.");
            return;
        }

        var table = Table("domain", "rank", "state", "slots free", "rows scored", "version", "host", "worker");
        foreach (var worker in workers)
        {
            table.AddRow(
                worker.Domain,
                Number(worker.Lease),
                worker.State.ToString().ToLowerInvariant(),
                $"{Number(worker.FreeSlots)} of {Number(worker.Slots)}",
                Number(worker.RowsScored),
                Markup.Escape(worker.Version),
                Markup.Escape(worker.Host),
                worker.Worker);
        }

        AnsiConsole.Write(table);
    }

    private static void ShowCalls(FleetConnection fleet)
    {
        var table = Table("call", "run", "lane", "rows waiting", "parts in hand", "ends by (UTC)", "dispatcher");
        foreach (var dispatcher in fleet.Dispatcher.Peers.Said)
        {
            foreach (var call in dispatcher.Calls)
            {
                table.AddRow(
                    call.CallId.ToString("N"),
                    Markup.Escape(call.RunId),
                    call.Lane.ToString().ToLowerInvariant(),
                    Number(call.RowsWaiting),
                    $"{Number(call.PartsInHand)} of {Number(call.PartsWaiting)}",
                    call.Deadline.UtcDateTime.ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                    Markup.Escape(dispatcher.Host));
            }
        }

        foreach (var (call, parts) in fleet.Orphans) table.AddRow(call.ToString("N"), "", "", "", Number(parts), "", "gone");
        if (table.Rows.Count > 0) AnsiConsole.Write(table);
    }

    private static async Task ShowQueuesAsync(FleetConnection fleet, CancellationToken cancellation)
    {
        var table = Table("domain", "parts waiting", "evaluation", "dead letters");
        foreach (var domain in fleet.Domains)
        {
            var queues = await fleet.Lengths.OfAsync(domain, cancellation);
            if (queues is not { Work: 0, Evaluation: 0, Dead: 0 }) table.AddRow(domain, Number(queues.Work), Number(queues.Evaluation), Number(queues.Dead));
        }

        if (table.Rows.Count > 0) AnsiConsole.Write(table);
        else AnsiConsole.WriteLine("No part waits, and there are no dead letters.");
    }

    private static Table Table(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var column in columns) table.AddColumn(column);
        return table;
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
