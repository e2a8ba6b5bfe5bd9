using Fleet.Dispatcher.Clusters;
using Fleet.Dispatcher.Observability;
using Fleet.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Fleet.Dispatcher;

/// <summary>Adds the dispatcher to a host.</summary>
public static class DispatcherServices
{
    /// <summary>Adds a <see cref="RewardDispatcher"/> that starts and stops with the host.</summary>
    public static IServiceCollection AddRewardDispatcher(this IServiceCollection services, DispatcherOptions options, BrokerOptions broker)
    {
        services.AddFleetMessaging(broker);
        services.AddSingleton(options);
        services.AddSingleton<Membership>();
        services.AddSingleton<RewardDispatcher>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<RewardDispatcher>());
        services.AddSingleton<QueueLengths>();
        if (!broker.IsInMemory) services.AddHostedService<QueueGauge>();
        return services;
    }
}
