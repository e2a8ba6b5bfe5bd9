using System.Net;
using Fleet.Contracts;
using Fleet.Dispatcher.Collecting;
using Fleet.Gateway.Access;

namespace Fleet.Gateway;

/// <summary>Where the gateway listens, whom it lets in, and how much it takes on.</summary>
public sealed class GatewayOptions
{
    /// <summary>Where it listens.</summary>
    /// <value>The default is 127.0.0.1:8080; port 0 takes a free one.</value>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8080);

    /// <summary>The keys that callers may show.</summary>
    /// <value>The default is none: everybody who reaches the address is let in.</value>
    public ApiKeys Keys { get; init; } = ApiKeys.None;

    /// <summary>Bytes of a body that is read as a whole; lines that stream in are bounded one by one.</summary>
    /// <value>1 KiB to 1 GiB; the default is 64 MiB.</value>
    public int MaxBodyBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Bytes of all such bodies that are held at the same time.</summary>
    /// <value>At least <see cref="MaxBodyBytes"/>; the default is 512 MiB.</value>
    public long MaxHeldBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary>Requests that are worked on at the same time; more are told to come back.</summary>
    /// <value>1 to 100,000; the default is 1,024.</value>
    public int MaxRequests { get; init; } = 1024;

    /// <summary>Rows of one streamed request that are read and not yet answered.</summary>
    /// <value>1 to 1,000,000; the default is 2,048.</value>
    public int MaxStreamRows { get; init; } = 2048;

    /// <summary>How long a request may take in all unless it says <c>timeout</c>; streams have the call's own limit.</summary>
    /// <value>Above 0; the default is 10 minutes.</value>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a client that is sent away is asked to stay away.</summary>
    /// <value>1 to 3600 seconds; the default is 1 second.</value>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What scores the rows of trainers' protocols that cannot name a domain.</summary>
    /// <value>The default is none: such a request names it in its address.</value>
    public string? DefaultDomain { get; init; }

    /// <summary>What a row without a verdict becomes in tensors.</summary>
    /// <value>The default is NaN.</value>
    public OnUnscored OnUnscored { get; init; } = OnUnscored.Nan;

    /// <summary>Which tokens of responses get rewards.</summary>
    /// <value>The default is none.</value>
    public TokenRewards TokenRewards { get; init; }

    /// <summary>Makes sure that the settings go together.</summary>
    /// <exception cref="FleetException">They do not: what is wrong, and what to do.</exception>
    public void Check()
    {
        if (!IPAddress.IsLoopback(Listen.Address) && Keys.IsEmpty)
        {
            throw new FleetException(
                $"The gateway does not listen on {Listen} without an API key, because everybody who reaches that address could use the fleet; set FLEET_API_KEY or --api-key-file, or listen on 127.0.0.1.");
        }

        if (MaxHeldBytes < MaxBodyBytes) throw new FleetException($"max_held_bytes is {MaxHeldBytes:N0} and max_body_bytes {MaxBodyBytes:N0}; the first must be at least the second.");
    }
}
