using System.Net.Sockets;
using Fleet.QueueContract.Tests;

namespace Fleet.Chaos.Tests.Harness;

/// <summary>A network of the engine with the broker's container in it: a way to the broker beside its published port, which can be taken away.</summary>
internal sealed class CutNetwork : IAsyncDisposable
{
    private const ushort Amqp = 5672;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly string _name;
    private readonly string _container;
    private readonly string _address;

    private CutNetwork(string name, string container, string address) => (_name, _container, _address) = (name, container, address);

    /// <summary>Makes the network and puts the broker into it.</summary>
    public static async Task<CutNetwork> OpenAsync(RabbitMqServer broker)
    {
        var name = $"fleet-cut-{Guid.NewGuid().ToString("N")[..8]}";
        // The engine knows which addresses are free; only in a subnet that is asked for can the broker come back to the one it had.
        await RabbitMqServer.DockerAsync("network", "create", name);
        var subnet = (await RabbitMqServer.DockerAsync("network", "inspect", "-f", "{{(index .IPAM.Config 0).Subnet}}", name)).Trim();
        await RabbitMqServer.DockerAsync("network", "rm", name);
        await RabbitMqServer.DockerAsync("network", "create", "--subnet", subnet, name);
        var network = new CutNetwork(name, broker.ContainerId, $"{subnet[..subnet.LastIndexOf('.')]}.9");
        await network.HealAsync();
        return network;
    }

    /// <summary>Whether this machine reaches containers by their addresses: not where the engine lives in a machine of its own.</summary>
    public async Task<bool> IsReachableAsync()
    {
        using var client = new TcpClient();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await client.ConnectAsync(_address, Amqp, patience.Token);
            return true;
        }
        catch (Exception unreachable) when (unreachable is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The broker's address on this network.</summary>
    public Uri Through(Uri url) => new UriBuilder(url) { Host = _address, Port = Amqp }.Uri;

    /// <summary>Takes the broker out: nobody is told, nothing arrives, and new connections find no one.</summary>
    public Task CutAsync() => RabbitMqServer.DockerAsync("network", "disconnect", _name, _container);

    /// <summary>Puts the broker back, with the address that it had.</summary>
    public Task HealAsync() => RabbitMqServer.DockerAsync("network", "connect", "--ip", _address, _name, _container);

    public async ValueTask DisposeAsync()
    {
        await RabbitMqServer.DockerAsync("network", "disconnect", "--force", _name, _container);
        await RabbitMqServer.DockerAsync("network", "rm", _name);
    }
}
