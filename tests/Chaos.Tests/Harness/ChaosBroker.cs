using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.QueueContract.Tests;

namespace Fleet.Chaos.Tests.Harness;

/// <summary>The broker of all faults: one container, a virtual host of its own for each test.</summary>
public sealed class ChaosBroker : IAsyncLifetime
{
    private readonly RabbitMqServer _server = new() { Ports = (FreePort(), FreePort()) };
    private readonly HttpClient _management = new();
    private int _spaces;

    internal RabbitMqServer Server => _server;

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        _management.BaseAddress = _server.ManagementUrl;
        _management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("guest:guest"u8));
    }

    public async ValueTask DisposeAsync()
    {
        _management.Dispose();
        await _server.DisposeAsync();
    }

    /// <summary>A virtual host for one test; it goes with everything in it when it is disposed of.</summary>
    internal async Task<BrokerSpace> OpenSpaceAsync()
    {
        var name = $"chaos-{Interlocked.Increment(ref _spaces)}";
        await SendAsync(HttpMethod.Put, $"api/vhosts/{name}");
        await SendAsync(HttpMethod.Put, $"api/permissions/{name}/guest", """{"configure":".*","write":".*","read":".*"}""");
        return new BrokerSpace(this, name, new UriBuilder(_server.Url) { Path = name }.Uri);
    }

    internal async Task<JsonArray> ListAsync(string what, string space)
    {
        using var response = await _management.GetAsync(new Uri($"api/{what}/{space}", UriKind.Relative));
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsArray();
    }

    internal Task CloseSpaceAsync(string name) => SendAsync(HttpMethod.Delete, $"api/vhosts/{name}");

    private async Task SendAsync(HttpMethod method, string path, string? body = null)
    {
        // The management may still be starting when the broker takes messages already.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
                request.Content = new StringContent(body ?? "", Encoding.UTF8, "application/json");
                using var response = await _management.SendAsync(request);
                response.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException) when (attempt < 60)
            {
                await Task.Delay(TimeSpan.FromSeconds(0.5));
            }
        }
    }

    private static ushort FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (ushort)((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>A virtual host of the broker.</summary>
/// <param name="Broker">The broker.</param>
/// <param name="Name">The virtual host.</param>
/// <param name="Url">Its address.</param>
internal sealed record BrokerSpace(ChaosBroker Broker, string Name, Uri Url) : IAsyncDisposable
{
    /// <summary>The names of its queues that begin like this.</summary>
    public async Task<string[]> QueuesAsync(string prefix) => Names(await Broker.ListAsync("queues", Name), prefix);

    /// <summary>The names of its exchanges that begin like this.</summary>
    public async Task<string[]> ExchangesAsync(string prefix) => Names(await Broker.ListAsync("exchanges", Name), prefix);

    public async ValueTask DisposeAsync() => await Broker.CloseSpaceAsync(Name);

    private static string[] Names(JsonArray things, string prefix) =>
        [.. things.Select(thing => (string)thing!["name"]!).Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];
}
