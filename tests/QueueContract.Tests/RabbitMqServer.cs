using System.Diagnostics;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Images;
using Fleet.Messaging;
using Testcontainers.RabbitMq;

namespace Fleet.QueueContract.Tests;

/// <summary>A RabbitMQ of its own in a container.</summary>
public sealed class RabbitMqServer : IAsyncLifetime
{
    private const ushort Amqp = 5672;
    private const ushort Management = 15672;

    /// <summary>Made from Debian's packages by compose/images/make, for machines that reach no image registry.</summary>
    private const string LocalImage = "fleet/rabbitmq:3.10";

    private const string PublicImage = "rabbitmq:3.13-management";

    private RabbitMqContainer _container = null!;

    /// <summary>Where it listens.</summary>
    public Uri Url => new(_container.GetConnectionString());

    public BrokerOptions Broker => new() { Url = Url };

    /// <summary>The ports of this machine for messages and for its management; a broker that is killed and started again keeps them. Null for any free one.</summary>
    internal (ushort Messages, ushort Management)? Ports { get; init; }

    /// <summary>Where its management answers.</summary>
    internal Uri ManagementUrl => new($"http://{_container.Hostname}:{_container.GetMappedPublicPort(Management)}");

    /// <summary>The container, for the engine's own commands.</summary>
    internal string ContainerId => _container.Id;

    public async ValueTask InitializeAsync()
    {
        var isLocal = await HasImageAsync(LocalImage);
        var builder = new RabbitMqBuilder(isLocal ? LocalImage : PublicImage)
            .WithImagePullPolicy(isLocal ? PullPolicy.Never : PullPolicy.Missing)
            .WithUsername("guest")
            .WithPassword("guest")
            // The image's check of its health takes a processor for a second, three times a minute: figures would show it.
            .WithCreateParameterModifier(container => container.Healthcheck = new() { Test = ["NONE"] })
            .WithWaitStrategy(Wait.ForUnixContainer().UntilMessageIsLogged("Server startup complete"));
        if (Ports is { } ports) builder = builder.WithPortBinding(ports.Messages, Amqp).WithPortBinding(ports.Management, Management);
        _container = builder.Build();
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

    /// <summary>Kills it as a power cut does.</summary>
    internal Task KillAsync() => DockerAsync("kill", ContainerId);

    /// <summary>Starts it again with what is on its disk; does not wait until it answers.</summary>
    internal Task StartAgainAsync() => DockerAsync("start", ContainerId);

    public async ValueTask DisposeAsync()
    {
        if (_container is not null) await _container.DisposeAsync();
    }

    /// <summary>Runs a command of the engine and gives what it says.</summary>
    internal static async Task<string> DockerAsync(params string[] arguments)
    {
        var (exit, output, errors) = await RunDockerAsync(arguments);
        return exit == 0 ? output : throw new InvalidOperationException($"docker {string.Join(' ', arguments)} ended with {exit}: {errors}");
    }

    private static async Task<bool> HasImageAsync(string image) => (await RunDockerAsync(["image", "inspect", image])).ExitCode == 0;

    private static async Task<(int ExitCode, string Output, string Errors)> RunDockerAsync(string[] arguments)
    {
        using var docker = Process.Start(new ProcessStartInfo("docker", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (docker.StandardOutput.ReadToEndAsync(), docker.StandardError.ReadToEndAsync());
        await docker.WaitForExitAsync();
        return (docker.ExitCode, await output, await errors);
    }
}
