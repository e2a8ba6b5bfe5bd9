using System.CommandLine;
using Microsoft.Extensions.Logging;

namespace Fleet.Cli.Commands;

/// <summary>Options that several commands share, each with one meaning.</summary>
internal static class CommonOptions
{
    public static Option<FileInfo?> Config() => new("--config", "-c")
    {
        Description = "Configuration file (YAML; the rewards: block of a ROLL pipeline is read unchanged). Default: all built-in domains.",
        HelpName = "FILE",
    };

    public static Option<string?> Broker() => new("--broker", "-b")
    {
        Description = "RabbitMQ, as amqp://user:password@host:5672/vhost (amqps:// for TLS). Default: FLEET_BROKER, else the configuration, else everything in this process.",
        HelpName = "URL",
    };

    public static Option<string?> Parity()
    {
        var option = new Option<string?>("--parity")
        {
            Description = "fixed: the right verdicts (default). roll: the reference's, harmless quirks included.",
            HelpName = "fixed|roll",
        };
        option.AcceptOnlyFromAmong("fixed", "roll");
        return option;
    }

    public static Option<bool> Setup() => new("--setup")
    {
        Description = "First bring what this machine lacks to run code: the Docker engine (Debian, Ubuntu) and the sandbox image. Says what it does.",
    };

    public static Option<bool> Verbose() => new("--verbose", "-v") { Description = "Log what happens, not only what goes wrong. FLEET_LOG=debug logs every part." };

    public static Option<bool> JsonLogs() => new("--json-logs") { Description = "Log as one JSON object a line." };

    public static LogOptions Logs(ParseResult parsed, Option<bool> verbose, Option<bool> json) => new(
        Enum.TryParse<LogLevel>(Environment.GetEnvironmentVariable("FLEET_LOG"), ignoreCase: true, out var level)
            ? level
            : parsed.GetValue(verbose) ? LogLevel.Information : LogLevel.Warning,
        parsed.GetValue(json));
}
