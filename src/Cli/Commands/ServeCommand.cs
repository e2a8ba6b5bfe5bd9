using System.CommandLine;
using Fleet.Cli.Configuration;
using Fleet.Gateway;
using Microsoft.Extensions.Hosting;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet serve</c>: the fleet over HTTP.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var listen = new Option<string?>("--listen", "-l") { Description = "Where to answer; port 0 takes a free one. Default: 127.0.0.1:8080. An address that others reach needs an API key.", HelpName = "ADDR:PORT" };
        var key = new Option<string?>("--api-key-file") { Description = "The keys that callers may show, one a line; FLEET_API_KEY gives one too. Default: everybody is let in.", HelpName = "FILE" };
        var domain = new Option<string?>("--domain", "-d") { Description = "What scores the rows of trainers' protocols (OpenRLHF, slime) that name no domain.", HelpName = "D" };
        var setup = CommonOptions.Setup();
        var (config, broker, parity, verbose, json) = (CommonOptions.Config(), CommonOptions.Broker(), CommonOptions.Parity(), CommonOptions.Verbose(), CommonOptions.JsonLogs());
        var command = new Command("serve", "Serve rewards over HTTP until stopped: /v1/rewards, /v1/health, /v1/ranks, /metrics, and trainers' own protocols.")
        {
            listen, key, domain, config, broker, parity, setup, verbose, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var loaded = FleetHost.Load(parsed.GetValue(config)?.FullName, parsed.GetValue(broker), parsed.GetValue(parity));
            var options = loaded.Gateway.Resolve(parsed.GetValue(listen), parsed.GetValue(key), parsed.GetValue(domain), loaded.Run, loaded.OnUnscored, loaded.TokenRewards);
            if (loaded.Warning is not null) await Console.Error.WriteLineAsync(loaded.Warning);
            if (parsed.GetValue(setup)) await Setup.RunAsync(cancellation);
            return await ServeAsync(loaded, options, CommonOptions.Logs(parsed, verbose, json), cancellation);
        });
        return command;
    }

    private static async Task<int> ServeAsync(FleetConfig config, GatewayOptions options, LogOptions logs, CancellationToken cancellation)
    {
        using var host = await FleetHost.StartGatewayAsync(config, options, logs, cancellation);
        await Console.Error.WriteLineAsync($"fleet: serving at {GatewayServices.Address(host)}");
        await host.WaitForShutdownAsync(cancellation);
        return ExitCode.Done;
    }
}
