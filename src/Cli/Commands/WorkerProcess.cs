using System.CommandLine;
using Fleet.Cli.Configuration;
using Fleet.Contracts;
using Fleet.Worker;
using Microsoft.Extensions.Hosting;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet worker</c>: one process of the fleet.</summary>
internal static class WorkerProcess
{
    public static Command Create()
    {
        var domain = new Option<string>("--domain", "-d") { Description = "The domains to serve, separated by commas: math_rule,ifeval. A custom domain needs its plug-in in the configuration.", HelpName = "D[,D2]", Required = true };
        var rank = new Option<int?>("--rank") { Description = "The rank to take. Default: the lowest free one.", HelpName = "N" };
        var (config, broker, verbose, json) = (CommonOptions.Config(), CommonOptions.Broker(), CommonOptions.Verbose(), CommonOptions.JsonLogs());
        var setup = CommonOptions.Setup();
        var command = new Command("worker", "Serve domains from a broker until stopped; SIGTERM finishes what is in hand and hands back the rest.") { domain, rank, config, broker, setup, verbose, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var loaded = ConfigLoader.Load(parsed.GetValue(config)?.FullName, new ConfigOverrides { Broker = parsed.GetValue(broker) });
            var domains = parsed.GetValue(domain)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().ToArray();
            CheckDomains(domains, loaded);
            if (parsed.GetValue(setup)) await Setup.RunAsync(cancellation);
            using var host = await FleetHost.StartWorkerAsync(loaded, domains, parsed.GetValue(rank), CommonOptions.Logs(parsed, verbose, json), cancellation);
            await Task.WhenAny(host.WaitForShutdownAsync(cancellation), host.WhenAllLeftAsync());
            await host.StopAsync(CancellationToken.None);
            return ExitCode.Done;
        });
        return command;
    }

    private static void CheckDomains(string[] domains, FleetConfig config)
    {
        var (classes, known) = FleetHost.Known(config.Worker);
        foreach (var domain in domains)
        {
            var isCustom = config.Run.Domain(domain) is { } defined && defined.ServedBy == domain && !known.Contains(domain) && classes.Count > known.Count;
            if (!known.Contains(domain) && !isCustom)
            {
                throw new FleetException($"This build has no worker for the domain '{domain}'; it has {string.Join(", ", known)}. A custom domain needs --config with its rewards: block and its plug-in.");
            }
        }
    }
}
