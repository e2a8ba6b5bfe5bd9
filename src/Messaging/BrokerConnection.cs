using Fleet.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Messaging;

/// <summary>Connections to the broker beside the bus's own, and the one sentence when there is none to be had.</summary>
public static class BrokerConnection
{
    /// <summary>Opens a connection that does not repair itself.</summary>
    /// <exception cref="FleetException">The broker does not answer, or refuses the user: one sentence on what to do.</exception>
    public static async Task<IConnection> OpenAsync(BrokerOptions options, string name, CancellationToken cancellation)
    {
        var factory = new ConnectionFactory
        {
            HostName = options.Url!.Host,
            Port = options.Port,
            VirtualHost = options.VirtualHost,
            UserName = options.UserName,
            Password = options.Password,
            RequestedHeartbeat = options.Heartbeat,
            RequestedConnectionTimeout = options.ConnectTimeout,
            AutomaticRecoveryEnabled = false,
            ClientProvidedName = name,
        };
        factory.Ssl.Enabled = options.IsTls;
        factory.Ssl.ServerName = options.Url.Host;
        var endpoints = new[] { $"{options.Url.Host}:{options.Port}" }.Concat(options.ClusterNodes)
            .Select(node => AmqpTcpEndpoint.Parse(node.Contains(':') ? node : $"{node}:{options.Port}"))
            .ToList();
        foreach (var endpoint in endpoints) (endpoint.Ssl.Enabled, endpoint.Ssl.ServerName) = (options.IsTls, endpoint.HostName);

        // The client itself waits for the broker's first word without an end.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (options.ConnectTimeout > TimeSpan.Zero) patience.CancelAfter(options.ConnectTimeout);
        try
        {
            return await factory.CreateConnectionAsync(endpoints, name, patience.Token);
        }
        catch (OperationCanceledException silent) when (!cancellation.IsCancellationRequested)
        {
            throw Explain(options, new TimeoutException($"no answer within {options.ConnectTimeout.TotalSeconds:0.#} s", silent.InnerException));
        }
        catch (Exception failure) when (failure is RabbitMQClientException or IOException or TimeoutException)
        {
            throw Explain(options, failure);
        }
    }

    /// <summary>Makes sure that the broker answers and knows the user, so that a wrong address is one sentence and not a silent retry.</summary>
    public static async Task CheckAsync(BrokerOptions options, CancellationToken cancellation)
    {
        if (options.IsInMemory) return;
        await using var connection = await OpenAsync(options, "fleet check", cancellation);
        await connection.CloseAsync(cancellation);
    }

    private static FleetException Explain(BrokerOptions options, Exception failure)
    {
        for (var inner = failure; inner is not null; inner = inner.InnerException)
        {
            if (inner is AuthenticationFailureException or PossibleAuthenticationFailureException)
            {
                return new FleetException(
                    $"The broker at {options.Display} refused the user '{options.UserName}'; check the user and password in the broker's address.", inner: failure);
            }

            if (inner is OperationInterruptedException { ShutdownReason.ReplyCode: 530 or 403 } refused)
            {
                return new FleetException(
                    $"The broker at {options.Display} refused the user '{options.UserName}' on the virtual host '{options.VirtualHost}' ({refused.ShutdownReason.ReplyText}); check the virtual host and the user's permissions.", inner: failure);
            }
        }

        return new FleetException(
            $"No broker answers at {options.Display} ({Innermost(failure)}); start RabbitMQ there, correct --broker, or leave --broker out to score in this process.",
            isTransient: true, failure);
    }

    private static string Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner) failure = inner;
        return failure.Message.TrimEnd('.');
    }
}
