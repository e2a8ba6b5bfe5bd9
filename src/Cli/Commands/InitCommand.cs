using System.CommandLine;
using Fleet.Contracts;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet init</c>: tries a configuration on the live workers before anything is scored with it.</summary>
internal static class InitCommand
{
    public static Command Create()
    {
        var domain = new Option<string?>("--domain", "-d") { Description = "Only this domain. Default: all of the configuration.", HelpName = "D" };
        return FleetConnection.Command(
            new Command("init", "Tell the workers of a running fleet a configuration, and show which of them can serve it, and why others cannot.") { domain },
            async (fleet, parsed, cancellation) =>
            {
                var served = fleet.Named(parsed.GetValue(domain));
                await fleet.RollCallAsync(cancellation);
                var isReady = true;
                foreach (var defined in fleet.Config.Run.Domains.Where(defined => defined.NotBuilt is null && served.Contains(defined.ServedBy)))
                {
                    var workers = fleet.Dispatcher.Membership.LiveWorkers(defined.ServedBy).Count;
                    if (workers == 0)
                    {
                        Console.WriteLine($"{defined.Domain}: no worker is live");
                        continue;
                    }

                    var refusals = await fleet.Dispatcher.TryInitializeAsync(fleet.Config.Run, defined, cancellation);
                    isReady &= refusals.Count == 0;
                    Console.WriteLine($"{defined.Domain}: {workers - refusals.Count} of {workers} workers are ready");
                    foreach (var (worker, why) in refusals) Console.WriteLine($"  {worker}: {why}");
                }

                return isReady ? ExitCode.Done : throw new FleetException("Some workers are not ready to serve this configuration; they are listed above.", isTransient: true);
            });
    }
}
