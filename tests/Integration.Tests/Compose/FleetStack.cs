using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Fleet.Integration.Tests.Compose;

/// <summary>The stack of compose/, brought up from nothing by its script under a name and on ports of its own, and taken down again.</summary>
public sealed class FleetStack : IAsyncLifetime
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly string _project = "fleet-test-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
    private readonly string _state = Path.Combine(Path.GetTempPath(), "fleet-stack-" + Guid.NewGuid().ToString("N"));

    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>What gateway and workers are told.</summary>
    public static string Config => Path.Combine(Root, "compose", "fleet.yaml");

    /// <summary>The gateway, with the stack's key.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>What the script said when it brought the stack up.</summary>
    public string Said { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        try
        {
            Said = await RunAsync("up");
            Http = new HttpClient { BaseAddress = new Uri((await RunAsync("address")).Trim()), Timeout = Patience };
            Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await File.ReadAllTextAsync(Path.Combine(_state, "api-key")));
        }
        catch
        {
            await RunAsync("down", "--all");
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        var workers = (await DockerAsync("ps", "-q", "--filter", $"label=com.docker.compose.project={_project}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await RunAsync("down", "--all");

        // Nothing is left: neither the stack's own nor the slots of its sandbox, which name the worker that they belonged to.
        foreach (var kind in new[] { "container", "volume", "network" })
        {
            string[] all = kind == "container" ? ["-a"] : [];
            Assert.Equal("", await DockerAsync([kind, "ls", "-q", .. all, "--filter", $"label=com.docker.compose.project={_project}"]));
        }

        var owners = await DockerAsync("ps", "-a", "--filter", "label=fleet.sandbox", "--format", "{{.Label \"fleet.sandbox.owner\"}}");
        Assert.All(workers, worker => Assert.DoesNotContain(worker, owners, StringComparison.Ordinal));
        Assert.False(Directory.Exists(_state));
    }

    /// <summary>Runs the script.</summary>
    public Task<string> RunAsync(params string[] arguments) => StartAsync(Path.Combine(Root, "compose", "stack"), arguments);

    /// <summary>What the engine says of the health of every container of the stack.</summary>
    public async Task<IReadOnlyList<string>> HealthAsync() =>
        [.. (await DockerAsync("ps", "-a", "--filter", $"label=com.docker.compose.project={_project}", "--format", "{{.Label \"com.docker.compose.service\"}} {{.Status}}")).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>How many workers of a domain the gateway knows of.</summary>
    public async Task<int> WorkersAsync(string domain)
    {
        var ranks = JsonNode.Parse(await Http.GetStringAsync("/v1/ranks", TestContext.Current.CancellationToken))!["ranks"]!.AsArray();
        return ranks.Count(rank => (string?)rank!["domain"] == domain && (string?)rank["state"] == "live");
    }

    private Task<string> DockerAsync(params string[] arguments) => StartAsync("docker", arguments);

    private async Task<string> StartAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["FLEET_PROJECT"] = _project;
        start.Environment["FLEET_STATE"] = _state;
        start.Environment["FLEET_PORT"] = start.Environment["FLEET_MANAGEMENT_PORT"] = "0";
        // The broker that the other tests have too, whatever a registry would give.
        start.Environment["FLEET_BROKER_IMAGE"] = "fleet/rabbitmq:3.10";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(process.ExitCode == 0, $"{Path.GetFileName(program)} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}{await errors}");
        return output;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "compose", "stack"))) return folder.FullName;
        }

        throw new InvalidOperationException($"There is no compose/stack above {AppContext.BaseDirectory}.");
    }
}
