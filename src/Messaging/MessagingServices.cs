using System.Net.Security;
using Fleet.Messaging.Budgets;
using Fleet.Messaging.DeadLetters;
using Fleet.Messaging.Leases;
using Fleet.Messaging.Serialization;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Messaging;

/// <summary>Adds the fleet's queues to a host.</summary>
public static class MessagingServices
{
    /// <summary>The category of logs in which a fault comes with a page of stack. <see cref="FaultLog"/> says the same in a line: turn it off.</summary>
    public const string FaultCategory = "MassTransit.ReceiveTransport";

    /// <summary>Adds the bus, the rank leases and, on a broker, shared budgets; once however many ends of the queue live in the host.</summary>
    public static IServiceCollection AddFleetMessaging(this IServiceCollection services, BrokerOptions options)
    {
        if (services.Any(service => service.ServiceType == typeof(FleetBus))) return services;

        services.AddSingleton(options);
        services.AddSingleton<FleetBus>();
        services.AddSingleton<DeadLetterQueues>();
        services.AddSingleton(TimeProvider.System);
        if (options.IsInMemory)
        {
            services.AddSingleton<IRankLeases, LocalRankLeases>();
        }
        else
        {
            services.AddSingleton<IRankLeases, BrokerRankLeases>();
            services.AddSingleton<FleetBudgets>();
        }

        services.AddOptions<MassTransitHostOptions>().Configure(host =>
        {
            host.WaitUntilStarted = true;
            host.StartTimeout = TimeSpan.FromSeconds(60);
            host.StopTimeout = TimeSpan.FromSeconds(60);
            host.ConsumerStopTimeout = TimeSpan.FromSeconds(50);
        });
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddReceiveObserver<FaultLog>();
            if (options.IsInMemory) bus.UsingInMemory((_, memory) => Common(memory));
            else bus.UsingRabbitMq((_, rabbit) => Rabbit(rabbit, options));
        });
        return services;
    }

    private static void Rabbit(IRabbitMqBusFactoryConfigurator bus, BrokerOptions options)
    {
        Common(bus);
        var deadLetters = new DeadLetterNames();
        (bus.SendTopology.ErrorQueueNameFormatter, bus.SendTopology.DeadLetterQueueNameFormatter) = (deadLetters, deadLetters);
        (bus.SendTopology.ConfigureErrorSettings, bus.SendTopology.ConfigureDeadLetterSettings) = (DeadLetterNames.Configure, DeadLetterNames.Configure);
        bus.Host(options.Url!.Host, (ushort)options.Port, options.VirtualHost, host =>
        {
            host.Username(options.UserName);
            host.Password(options.Password);
            host.Heartbeat(options.Heartbeat);
            // Rows are at most 4 MiB and parts at most 8 MiB, but for one group that is larger; the client's own limit is there for broken peers.
            host.MaxMessageSize(64 * 1024 * 1024);
            if (options.IsTls)
            {
                host.UseSsl(ssl =>
                {
                    ssl.ServerName = options.Url.Host;
                    // Left alone, any certificate of that name is believed.
                    ssl.EnforcePolicyErrors(SslPolicyErrors.RemoteCertificateChainErrors);
                });
            }

            if (options.ClusterNodes.Count > 0)
            {
                host.UseCluster(cluster =>
                {
                    cluster.Node($"{options.Url.Host}:{options.Port}");
                    foreach (var node in options.ClusterNodes) cluster.Node(node);
                });
            }
        });
    }

    private static void Common(IBusFactoryConfigurator bus)
    {
        var payload = new PayloadSerializerFactory();
        bus.AddSerializer(payload, isSerializer: false);
        bus.AddDeserializer(payload);
        bus.Send<Contracts.Messages.WorkerCommand>(topology => topology.UseSerializer(PayloadSerializer.PayloadContentType));
        bus.Send<Contracts.Messages.WorkerReply>(topology => topology.UseSerializer(PayloadSerializer.PayloadContentType));
    }
}
