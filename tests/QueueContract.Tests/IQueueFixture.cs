using Fleet.Messaging;

namespace Fleet.QueueContract.Tests;

/// <summary>A queue that the contract is held against.</summary>
public interface IQueueFixture
{
    /// <summary>Where it is.</summary>
    BrokerOptions Broker { get; }

    /// <summary>How many ranks of one domain it can have: memory belongs to one process, whose bus has each queue once.</summary>
    int Ranks { get; }
}

/// <summary>The queue in this process's memory.</summary>
public sealed class InMemoryQueue : IQueueFixture
{
    public BrokerOptions Broker { get; } = new();

    public int Ranks => 1;
}

/// <summary>A queue as another user has it.</summary>
/// <param name="Broker">Where it is, and who asks.</param>
/// <param name="Ranks">How many ranks of one domain it can have.</param>
internal sealed record QueueOfUser(BrokerOptions Broker, int Ranks) : IQueueFixture;

/// <summary>RabbitMQ in a container.</summary>
public sealed class RabbitMqQueue : IQueueFixture, IAsyncLifetime
{
    private readonly RabbitMqServer _server = new();

    public BrokerOptions Broker => _server.Broker;

    public int Ranks => 2;

    public Task AddUserAsync(string name, string configure, string write, string read) => _server.AddUserAsync(name, configure, write, read);

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
