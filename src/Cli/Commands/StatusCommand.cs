using System.CommandLine;
using System.Globalization;
using Fleet.Cli.Configuration;
using Fleet.Contracts;
using Fleet.Contracts.Messages;
using Fleet.Dispatcher;
using Fleet.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet status</c>: who lives, on a broker.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan ListenFor = TimeSpan.FromSeconds(1.5);

    public static Command Create()
    {
        var (config, broker, verbose, json) = (CommonOptions.Config(), CommonOptions.Broker(), CommonOptions.Verbose(), CommonOptions.JsonLogs());
        var command = new Command("status", "Show the workers of a running fleet: domain, rank, slots, rows scored, version, host.") { config, broker, verbose, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var loaded = ConfigLoader.Load(parsed.GetValue(config)?.FullName, new ConfigOverrides { Broker = parsed.GetValue(broker) });
            if (loaded.Broker.IsInMemory) throw new FleetException("There is no fleet to ask without a broker; give --broker, or set FLEET_BROKER.");
            using var host = await FleetHost.StartDispatcherAsync(loaded, CommonOptions.Logs(parsed, verbose, json), cancellation);
            var dispatcher = host.Services.GetRequiredService<RewardDispatcher>();
            var bus = host.Services.GetRequiredService<FleetBus>();
            foreach (var domain in loaded.Run.Domains.Select(domain => domain.ServedBy).Distinct()) await bus.BroadcastAsync(domain, new RollCall { Domain = domain }, cancellation);
            // Nobody knows how many will answer, so the answers are waited for by the clock.
            await dispatcher.Membership.WaitAsync(_ => false, ListenFor, cancellation);
            Show(dispatcher.Membership.Workers);
            await host.StopAsync(CancellationToken.None);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Show(IReadOnlyList<WorkerAnnouncement> workers)
    {
        if (workers.Count == 0)
        {
            AnsiConsole.WriteLine("No worker answers.");
            return;
        }

        // Into a file or another program: no line is broken.
        if (!AnsiConsole.Profile.Out.IsTerminal) AnsiConsole.Profile.Width = 200;
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var column in new[] { "domain", "rank", "state", "slots free", "rows scored", "version", "host", "worker" }) table.AddColumn(column);
        foreach (var worker in workers)
        {
            table.AddRow(
                worker.Domain,
                worker.Lease.ToString(CultureInfo.InvariantCulture),
                worker.State.ToString().ToLowerInvariant(),
                string.Create(CultureInfo.InvariantCulture, $"{worker.FreeSlots} of {worker.Slots}"),
                worker.RowsScored.ToString("N0", CultureInfo.InvariantCulture),
                Markup.Escape(worker.Version),
                Markup.Escape(worker.Host),
                worker.Worker);
        }

        AnsiConsole.Write(table);
    }
}
