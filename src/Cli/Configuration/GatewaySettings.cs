using Fleet.Contracts;
using Fleet.Dispatcher.Collecting;
using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Runs;
using Fleet.Gateway;
using Fleet.Gateway.Access;

namespace Fleet.Cli.Configuration;

/// <summary>What a file says of the gateway; what it leaves out has the gateway's own defaults.</summary>
internal sealed record GatewaySettings
{
    public string? Listen { get; init; }

    public string? ApiKeyFile { get; init; }

    public string? DefaultDomain { get; init; }

    public int? MaxBodyBytes { get; init; }

    public long? MaxHeldBytes { get; init; }

    public int? MaxRequests { get; init; }

    public int? MaxStreamRows { get; init; }

    public TimeSpan? RequestTimeout { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The gateway's options: flags, then the environment, then the file.</summary>
    /// <exception cref="FleetException">An address, a key or a domain is none.</exception>
    public GatewayOptions Resolve(string? listen, string? apiKeyFile, string? domain, RunDefinition run, OnUnscored onUnscored, TokenRewards tokenRewards)
    {
        var defaults = new GatewayOptions();
        domain ??= DefaultDomain;
        if (domain is not null && RowRouter.Route(run, domain, null).Problem is { } problem) throw new FleetException($"The gateway's domain: {problem.Sentence}");
        var maxBody = MaxBodyBytes ?? defaults.MaxBodyBytes;
        return new GatewayOptions
        {
            Listen = ListenAddress.Parse(listen ?? Listen) ?? defaults.Listen,
            Keys = ApiKeys.Load(apiKeyFile ?? ApiKeyFile, Environment.GetEnvironmentVariable(ApiKeys.Variable)),
            DefaultDomain = domain,
            MaxBodyBytes = maxBody,
            MaxHeldBytes = MaxHeldBytes ?? Math.Max(defaults.MaxHeldBytes, maxBody),
            MaxRequests = MaxRequests ?? defaults.MaxRequests,
            MaxStreamRows = MaxStreamRows ?? defaults.MaxStreamRows,
            RequestTimeout = RequestTimeout ?? defaults.RequestTimeout,
            RetryAfter = RetryAfter ?? defaults.RetryAfter,
            OnUnscored = onUnscored,
            TokenRewards = tokenRewards,
        };
    }
}
