using System.Diagnostics;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Images;
using Fleet.Messaging;
using Testcontainers.RabbitMq;

namespace Fleet.QueueContract.Tests;

/// <summary>A RabbitMQ of its own in a container.</summary>
public sealed class RabbitMqServer : IAsyncLifetime
{
    /// <summary>Made from Debian's packages by compose/images/make, for machines that reach no image registry.</summary>
    private const string LocalImage = "fleet/rabbitmq:3.10";

    private const string PublicImage = "rabbitmq:3.13-management";

    private RabbitMqContainer _container = null!;

    /// <summary>Where it listens.</summary>
    public Uri Url => new(_container.GetConnectionString());

    public BrokerOptions Broker => new() { Url = Url };

    public async ValueTask InitializeAsync()
    {
        var isLocal = await HasImageAsync(LocalImage);
        _container = new RabbitMqBuilder(isLocal ? LocalImage : PublicImage)
            .WithImagePullPolicy(isLocal ? PullPolicy.Never : PullPolicy.Missing)
            .WithUsername("guest")
            .WithPassword("guest")
            .WithWaitStrategy(Wait.ForUnixContainer().UntilMessageIsLogged("Server startup complete"))
            .Build();
        await _container.StartAsync();
    }

    /// <summary>Adds a user whose password is <c>secret</c>, with these rights in the order configure, write, read.</summary>
    public async Task AddUserAsync(string name, string configure, string write, string read)
    {
        foreach (string[] command in new[] { new[] { "add_user", name, "secret" }, ["set_permissions", "-p", "/", name, configure, write, read] })
        {
            var result = await _container.ExecAsync(["rabbitmqctl", .. command]);
            Assert.True(result.ExitCode == 0, result.Stdout + result.Stderr);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_container is not null) await _container.DisposeAsync();
    }

    private static async Task<bool> HasImageAsync(string image)
    {
        using var docker = Process.Start(new ProcessStartInfo("docker", ["image", "inspect", image]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        await Task.WhenAll(docker.StandardOutput.ReadToEndAsync(), docker.StandardError.ReadToEndAsync(), docker.WaitForExitAsync());
        return docker.ExitCode == 0;
    }
}
