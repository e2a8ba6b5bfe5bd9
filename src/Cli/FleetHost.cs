using System.Net;
using Fleet.Cli.Configuration;
using Fleet.Contracts;
using Fleet.Dispatcher;
using Fleet.Gateway;
using Fleet.Messaging;
using Fleet.Worker;
using Fleet.Worker.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Fleet.Cli;

/// <summary>Builds and starts the host of a command: both ends of the queue in one process, or one of them.</summary>
internal static class FleetHost
{
    /// <summary>How long a process may take to finish what it has in hand when it is told to stop.</summary>
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(90);

    /// <summary>A dispatcher, with workers beside it when there is no broker.</summary>
    public static async Task<IHost> StartDispatcherAsync(FleetConfig config, LogOptions logs, CancellationToken cancellation)
    {
        await BrokerConnection.CheckAsync(config.Broker, cancellation);
        var builder = Builder(logs);
        AddDispatcher(builder, config);
        return await StartAsync(builder.Build(), cancellation);
    }

    /// <summary>A dispatcher behind a gateway, with workers beside it when there is no broker.</summary>
    public static async Task<IHost> StartGatewayAsync(FleetConfig config, GatewayOptions gateway, LogOptions logs, CancellationToken cancellation)
    {
        gateway.Check();
        await BrokerConnection.CheckAsync(config.Broker, cancellation);
        return await StartAsync(
            GatewayServices.Build(gateway, config.Run, builder =>
            {
                Configure(builder, logs);
                AddDispatcher(builder, config);
            }),
            cancellation);
    }

    /// <summary>One worker process.</summary>
    public static async Task<IHost> StartWorkerAsync(FleetConfig config, IReadOnlyList<string> domains, int? rank, IPEndPoint? health, LogOptions logs, CancellationToken cancellation)
    {
        if (config.Broker.IsInMemory)
        {
            throw new FleetException("A worker of its own needs a broker; give --broker amqp://user:password@host:5672/vhost, or set FLEET_BROKER.");
        }

        await BrokerConnection.CheckAsync(config.Broker, cancellation);
        var builder = Builder(logs);
        builder.Services.AddRewardWorker(ServeDomains(config.Worker, domains, rank), config.Broker).AddLocalModels();
        if (health is not null) builder.Services.AddWorkerHealth(health);
        return await StartAsync(builder.Build(), cancellation);
    }

    /// <summary>The configuration of a dispatcher: who serves decides what is built, this process when there is no broker, others when there is one.</summary>
    public static FleetConfig Load(string? file, string? broker, string? parity)
    {
        var loaded = ConfigLoader.Load(file, new ConfigOverrides { Broker = broker, Parity = parity });
        if (!loaded.Broker.IsInMemory) return loaded;
        var (classes, domains) = Known(loaded.Worker);
        return ConfigLoader.Load(file, new ConfigOverrides { Broker = broker, Parity = parity, KnownClasses = classes, KnownDomains = domains });
    }

    /// <summary>The classes and domains that a worker of this process can serve.</summary>
    public static (IReadOnlyCollection<string> Classes, IReadOnlyCollection<string> Domains) Known(WorkerOptions options)
    {
        var catalog = new WorkerCatalog(options);
        return (catalog.Classes, catalog.Domains);
    }

    private static void AddDispatcher(IHostApplicationBuilder builder, FleetConfig config)
    {
        if (config.Broker.IsInMemory)
        {
            var domains = config.Run.Domains.Where(domain => domain.NotBuilt is null).Select(domain => domain.ServedBy).Distinct(StringComparer.Ordinal);
            builder.Services.AddRewardWorker(ServeDomains(config.Worker, [.. domains]), config.Broker).AddLocalModels();
        }

        builder.Services.AddRewardDispatcher(config.Dispatcher, config.Broker);
    }

    private static WorkerOptions ServeDomains(WorkerOptions options, IReadOnlyList<string> domains, int? rank = null) => new()
    {
        Domains = domains,
        Rank = rank ?? options.Rank,
        Slots = options.Slots,
        AnnounceEvery = options.AnnounceEvery,
        InitializeTimeout = options.InitializeTimeout,
        MaxRuns = options.MaxRuns,
        RowTimeout = options.RowTimeout,
        Sandbox = options.Sandbox,
        PlugInFolder = options.PlugInFolder,
        PlugInAllowList = options.PlugInAllowList,
    };

    private static HostApplicationBuilder Builder(LogOptions logs)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        Configure(builder, logs);
        return builder;
    }

    private static void Configure(IHostApplicationBuilder builder, LogOptions logs)
    {
        builder.Logging.SetMinimumLevel(logs.Level);
        builder.Logging.AddFilter("MassTransit", LogLevel.Error);
        builder.Logging.AddFilter(MessagingServices.FaultCategory, LogLevel.None);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddConsole(console =>
        {
            // Results may go to standard output; everything else goes to standard error.
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName = logs.AsJson ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple;
        });
        builder.Services.Configure<SimpleConsoleFormatterOptions>(format =>
        {
            format.SingleLine = true;
            format.TimestampFormat = "HH:mm:ss.fff ";
            format.UseUtcTimestamp = true;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
    }

    private static async Task<IHost> StartAsync(IHost host, CancellationToken cancellation)
    {
        try
        {
            await host.StartAsync(cancellation);
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }
}

/// <summary>How much is logged, and how.</summary>
/// <param name="Level">Lowest level.</param>
/// <param name="AsJson">Whether lines are JSON objects.</param>
internal sealed record LogOptions(LogLevel Level, bool AsJson);
