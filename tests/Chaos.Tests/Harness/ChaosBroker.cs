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
    /// <summary>Waits until nothing is left of processes that are gone: no queue that was theirs alone, and no exchange to one.</summary>
    /// <param name="of">Whether a process is gone, by the name of what was its own.</param>
    /// <param name="orExpires">Whether a queue that only waits for its end counts as gone: when the broker was away, nobody took its last consumer from it.</param>
    /// <param name="killedAtStart">Processes that were killed while they started: between the making of a queue and its first consumer it does not go by itself.</param>
    /// <returns>Processes that left something all the same, so many at most.</returns>
    public async Task<int> NothingIsLeftAsync(Func<string, bool> of, bool orExpires = false, int killedAtStart = 0)
    {
        for (var look = 0; ; look++)
        {
            var queues = (await Broker.ListAsync("queues", Name)).Where(queue => of((string)queue!["name"]!)).Select(queue => queue!).ToList();
            var exchanges = (await Broker.ListAsync("exchanges", Name)).Select(exchange => (string)exchange!["name"]!).Where(of).ToList();
            var ending = queues.Where(queue => orExpires && queue["arguments"]?["x-expires"] is not null && (int?)queue["consumers"] == 0).Select(queue => (string)queue["name"]!).ToHashSet(StringComparer.Ordinal);
            string[] left = [.. queues.Select(queue => $"queue {queue["name"]}"), .. exchanges.Select(exchange => $"exchange {exchange}")];
            left = [.. left.Where(thing => !ending.Contains(thing.Split(' ')[1]))];
            if (left.Length == 0) return 0;
            var owners = left.Select(thing => thing[(thing.LastIndexOf('.') + 1)..]).Distinct(StringComparer.Ordinal).Count();
            if (look == 20 && owners <= killedAtStart) return owners;
            if (look == 20) Assert.Fail($"The broker still has {string.Join(", ", left)}.");
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Whether something was a dispatcher's alone.</summary>
    public static bool IsOfDispatcher(string name) => name.StartsWith("fleet.replies.", StringComparison.Ordinal) || name.StartsWith("fleet.announcements.", StringComparison.Ordinal);

    /// <summary>Whether something was a worker's alone; what all workers of a domain share stays.</summary>
    public static bool IsOfWorker(string name) => name.Contains(".broadcast.", StringComparison.Ordinal) && !name.EndsWith(".broadcast.one", StringComparison.Ordinal);

    public async ValueTask DisposeAsync() => await Broker.CloseSpaceAsync(Name);
}
