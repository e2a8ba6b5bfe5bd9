using System.Net;
using Fleet.Messaging;
using Fleet.Messaging.Leases;
using Fleet.Worker.Health;
using Fleet.Worker.Judging;
using Fleet.Worker.Queue;
using Fleet.Worker.Runs;
using Fleet.Worker.Sandbox;
using Fleet.Worker.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Worker;

/// <summary>Adds a process of the fleet to a host.</summary>
public static class WorkerServices
{
    /// <summary>Adds the workers of the given domains.</summary>
    public static IServiceCollection AddRewardWorker(this IServiceCollection services, WorkerOptions options, BrokerOptions broker)
    {
        services.AddFleetMessaging(broker);
        services.AddSingleton(options);
        services.AddSingleton<TokenizerShelf>();
        services.AddSingleton<ProcessRoom>();
        services.AddSingleton<LocalRateBudgets>();
        services.AddSingleton<WorkerCatalog>();
        services.AddSingleton<WorkerHealth>();
        services.AddSingleton(options.Sandbox);
        services.AddSingleton<ICodeSandbox>(provider => new DockerSandbox(options.Sandbox, provider.GetRequiredService<TimeProvider>()));
        foreach (var domain in options.Domains)
        {
            services.AddSingleton<IHostedService>(provider => new DomainService(
                domain,
                options,
                provider.GetRequiredService<FleetBus>(),
                provider.GetRequiredService<IRankLeases>(),
                provider.GetRequiredService<WorkerCatalog>(),
                provider.GetRequiredService<TokenizerShelf>(),
                provider.GetRequiredService<WorkerHealth>(),
                provider.GetRequiredService<ProcessRoom>(),
                provider,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILoggerFactory>()));
        }

        return services;
    }

    /// <summary>Shows over HTTP whether the workers of this process can score rows; other hosts see it only where the address lets them.</summary>
    public static IServiceCollection AddWorkerHealth(this IServiceCollection services, IPEndPoint address) =>
        services.AddSingleton<IHostedService>(provider => new HealthEndpoint(address, provider.GetRequiredService<WorkerHealth>(), provider.GetRequiredService<TimeProvider>()));

    /// <summary>Completes when every domain of a host has left for good: drained, or stopped with the host.</summary>
    public static Task WhenAllLeftAsync(this IHost host) =>
        Task.WhenAll(host.Services.GetServices<IHostedService>().OfType<DomainService>().Select(service => service.ExecuteTask ?? Task.CompletedTask));
}
