using System.CommandLine;
using Fleet.Cli.Configuration;
using Fleet.Contracts;
using Fleet.Contracts.Messages;
using Fleet.Dispatcher;
using Fleet.Messaging;
using Fleet.Messaging.DeadLetters;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Cli.Commands;

/// <summary>What the commands share that operate a running fleet: where its broker is, and a way to speak with who is there.</summary>
internal sealed class FleetConnection
{
    // Nobody knows how many will answer, so the answers are waited for by the clock.
    private static readonly TimeSpan ListenFor = TimeSpan.FromSeconds(1.5);

    private FleetConnection(FleetConfig config, IServiceProvider services)
    {
        Config = config;
        Dispatcher = services.GetRequiredService<RewardDispatcher>();
        Bus = services.GetRequiredService<FleetBus>();
        DeadLetters = services.GetRequiredService<DeadLetterQueues>();
        Lengths = services.GetRequiredService<QueueLengths>();
    }

    public FleetConfig Config { get; }

    public RewardDispatcher Dispatcher { get; }

    public FleetBus Bus { get; }

    public DeadLetterQueues DeadLetters { get; }

    public QueueLengths Lengths { get; }

    /// <summary>The domains of the configuration, each by the name of its queues.</summary>
    public IReadOnlyList<string> Domains => [.. Config.Run.Domains.Where(domain => domain.NotBuilt is null).Select(domain => domain.ServedBy).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The calls that dispatchers have open, as they said when they were last asked.</summary>
    public IEnumerable<OpenCallInfo> OpenCalls => Dispatcher.Peers.Said.SelectMany(dispatcher => dispatcher.Calls);

    /// <summary>Calls of which workers have parts in hand, and which no dispatcher has open: theirs is gone.</summary>
    public IReadOnlyList<(Guid Call, int PartsInHand)> Orphans =>
    [
        .. Dispatcher.Membership.Workers.SelectMany(worker => worker.InHand)
            .GroupBy(part => Guid.TryParse(part.Split('/')[0], out var call) ? call : Guid.Empty)
            .Where(parts => parts.Key != Guid.Empty && OpenCalls.All(open => open.CallId != parts.Key))
            .Select(parts => (parts.Key, parts.Count())),
    ];

    /// <summary>Gives a command its common options and what it does once the broker answers.</summary>
    public static Command Command(Command command, Func<FleetConnection, ParseResult, CancellationToken, Task<int>> act)
    {
        var (config, broker, verbose, json) = (CommonOptions.Config(), CommonOptions.Broker(), CommonOptions.Verbose(), CommonOptions.JsonLogs());
        foreach (var option in new Option[] { config, broker, verbose, json }) command.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            var loaded = ConfigLoader.Load(parsed.GetValue(config)?.FullName, new ConfigOverrides { Broker = parsed.GetValue(broker) });
            if (loaded.Broker.IsInMemory) throw new FleetException("There is no fleet to speak with without a broker; give --broker, or set FLEET_BROKER.");
            using var host = await FleetHost.StartDispatcherAsync(loaded, CommonOptions.Logs(parsed, verbose, json), cancellation);
            var exit = await act(new FleetConnection(loaded, host.Services), parsed, cancellation);
            await host.StopAsync(CancellationToken.None);
            return exit;
        });
        return command;
    }

    /// <summary>Asks all workers and dispatchers to say that they are there, and listens for a moment.</summary>
    public async Task RollCallAsync(CancellationToken cancellation)
    {
        await Bus.AnnounceAsync(new DispatcherRollCall(), cancellation);
        foreach (var domain in Domains) await Bus.BroadcastAsync(domain, new RollCall { Domain = domain }, cancellation);
        await Dispatcher.Membership.WaitAsync(_ => false, ListenFor, cancellation);
    }

    /// <summary>The domains that an option names: all of the configuration when it names none.</summary>
    /// <exception cref="FleetException">The configuration has no such domain.</exception>
    public IReadOnlyList<string> Named(string? domain)
    {
        if (domain is null) return Domains;
        var served = Config.Run.Domain(domain)?.ServedBy ?? domain;
        return Domains.Contains(served)
            ? [served]
            : throw new FleetException($"The configuration has no domain '{domain}'; it has {string.Join(", ", Domains)}. A custom domain needs --config.");
    }
}
