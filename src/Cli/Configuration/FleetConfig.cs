using Fleet.Dispatcher;
using Fleet.Dispatcher.Collecting;
using Fleet.Dispatcher.Runs;
using Fleet.Messaging;
using Fleet.Worker;

namespace Fleet.Cli.Configuration;

/// <summary>Everything that a file, the environment and the flags say.</summary>
internal sealed record FleetConfig
{
    public required BrokerOptions Broker { get; init; }

    public required DispatcherOptions Dispatcher { get; init; }

    public required WorkerOptions Worker { get; init; }

    public required GatewaySettings Gateway { get; init; }

    public required RunDefinition Run { get; init; }

    public OnUnscored OnUnscored { get; init; }

    public TokenRewards TokenRewards { get; init; }

    public Spread Spread { get; init; }

    /// <summary>One sentence on what of a reference's file cannot be honoured; null when there is nothing.</summary>
    public string? Warning { get; init; }
}
