using Fleet.Contracts;

namespace Fleet.Messaging;

/// <summary>Where the queue is and how it is used.</summary>
public sealed class BrokerOptions
{
    /// <summary>Address of the broker.</summary>
    /// <value><c>amqp://user:password@host:port/vhost</c>, or <c>amqps://</c> for TLS; null keeps everything in this process. The default is null.</value>
    public Uri? Url { get; init; }

    /// <summary>Further nodes of the same cluster, tried when the first is away.</summary>
    /// <value><c>host</c> or <c>host:port</c>; the default is none.</value>
    public IReadOnlyList<string> ClusterNodes { get; init; } = [];

    /// <summary>How often both ends of a connection show that they live; a silent peer is given up after about twice that.</summary>
    /// <value>1 to 600 seconds; the default is 10 seconds.</value>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the queues of parts are quorum queues: replicated, and kept when the broker restarts.</summary>
    /// <value>The default is true.</value>
    public bool QuorumQueues { get; init; } = true;

    /// <summary>How long a queue that nobody uses is kept.</summary>
    /// <value>At least a minute; the default is 1 hour.</value>
    public TimeSpan QueueExpiry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long starting waits for a broker that does not answer.</summary>
    /// <value>0 to 600 seconds; the default is 10 seconds.</value>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether everything stays in this process.</summary>
    public bool IsInMemory => Url is null;

    /// <summary>The address without its password, for people and logs.</summary>
    public string Display => Url is null ? "in memory" : $"{Url.Scheme}://{Url.Host}:{Port}{Url.AbsolutePath}";

    internal int Port => Url is { Port: > 0 } url ? url.Port : IsTls ? 5671 : 5672;

    internal bool IsTls => Url?.Scheme == "amqps";

    internal string VirtualHost => Url is { AbsolutePath.Length: > 1 } url ? Uri.UnescapeDataString(url.AbsolutePath[1..]) : "/";

    internal string UserName => Url is { UserInfo.Length: > 0 } url ? Uri.UnescapeDataString(url.UserInfo.Split(':')[0]) : "guest";

    internal string Password =>
        Url is { UserInfo.Length: > 0 } url && url.UserInfo.Split(':') is [_, var password, ..] ? Uri.UnescapeDataString(password) : "guest";

    /// <summary>Reads a broker's address as a person types it.</summary>
    /// <exception cref="FleetException">The text is no such address.</exception>
    public static Uri ParseUrl(string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "amqp" or "amqps" && url.Host.Length > 0) return url;
        throw new FleetException($"'{text}' is no address of a broker; write amqp://user:password@host:5672/vhost, or amqps:// for TLS.");
    }
}
