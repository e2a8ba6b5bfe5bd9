using System.CommandLine;
using Fleet.Contracts;
using Fleet.Contracts.Messages;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet drain</c>: has workers finish what they have in hand and leave, wherever they run.</summary>
internal static class DrainCommand
{
    private const double Patience = 120;

    public static Command Create()
    {
        var domain = new Option<string?>("--domain", "-d") { Description = "The workers of this domain.", HelpName = "D" };
        var rank = new Option<int?>("--rank") { Description = "Only this rank of the domain.", HelpName = "N" };
        var worker = new Option<string?>("--worker") { Description = "The worker of this name, as 'fleet status' shows it.", HelpName = "NAME" };
        var all = new Option<bool>("--all") { Description = "All workers of the fleet." };
        var wait = new Option<double>("--wait") { Description = "How long to wait until they have left.", HelpName = "SECONDS", DefaultValueFactory = _ => Patience };
        return FleetConnection.Command(
            new Command("drain", "Have workers of a running fleet leave: they finish what they have in hand, hand back the rest, and their process ends when its last domain has left.") { domain, rank, worker, all, wait },
            async (fleet, parsed, cancellation) =>
            {
                var (named, ranked, who, everyone) = (parsed.GetValue(domain), parsed.GetValue(rank), parsed.GetValue(worker), parsed.GetValue(all));
                if ((named ?? who) is null != everyone || (named is not null && who is not null) || (ranked is not null && named is null))
                {
                    throw new FleetException("Say who leaves: --domain D, --domain D --rank N, --worker NAME or --all.");
                }

                var domains = fleet.Named(named);
                await fleet.RollCallAsync(cancellation);
                var leaving = fleet.Dispatcher.Membership.Workers
                    .Where(live => domains.Contains(live.Domain) && (ranked is null || live.Lease == ranked) && (who is null || live.Worker == who))
                    .ToList();
                if (leaving.Count == 0) throw new FleetException("There is no such worker; 'fleet status' lists those that live.");
                return await DrainAsync(fleet, leaving, TimeSpan.FromSeconds(parsed.GetValue(wait)), cancellation);
            });
    }

    private static async Task<int> DrainAsync(FleetConnection fleet, List<WorkerAnnouncement> leaving, TimeSpan wait, CancellationToken cancellation)
    {
        foreach (var worker in leaving) await fleet.Bus.TellWorkerAsync(worker.Domain, worker.Worker, new DrainWorker { Domain = worker.Domain, Worker = worker.Worker }, cancellation);
        var members = fleet.Dispatcher.Membership;
        await members.WaitAsync(live => !leaving.Exists(worker => live.IsLive(worker.Worker)), wait, cancellation);
        var left = leaving.ToLookup(worker => !members.IsLive(worker.Worker));
        foreach (var worker in left[true]) Console.WriteLine($"{worker.Domain}: rank {worker.Lease} on {worker.Host} left");
        foreach (var worker in left[false]) Console.WriteLine($"{worker.Domain}: rank {worker.Lease} on {worker.Host} still finishes what it has");
        return left[false].Any()
            ? throw new FleetException($"{left[false].Count()} of {leaving.Count} workers have not left after {wait.TotalSeconds:0.#} s; they take nothing new, and leave when they have finished what they have in hand.", isTransient: true)
            : ExitCode.Done;
    }
}
