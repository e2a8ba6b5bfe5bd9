using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Fleet.Contracts;
using Microsoft.Extensions.Hosting;

namespace Fleet.Worker.Health;

/// <summary>
/// <c>GET /v1/health</c> over HTTP: 200 when this worker can score rows, 503 when not. <c>GET /v1/ping</c>: 200 as long as
/// the process answers at all. The same two paths as the gateway's.
/// </summary>
/// <remarks>
/// Answered from the process itself, at the time of asking: a worker that is frozen says nothing, and one that was told to
/// stop says until its last part is done that it takes no more. Two paths need no web framework.
/// </remarks>
internal sealed class HealthEndpoint : IHostedService, IDisposable
{
    private const int MaximumConnections = 64;
    private const int MaximumRequestBytes = 8192;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly WorkerHealth _health;
    private readonly TimeProvider _time;
    private readonly TcpListener _listener;
    private readonly SemaphoreSlim _connections = new(MaximumConnections);
    private readonly CancellationTokenSource _disposed = new();

    /// <summary>Listens at once, so that an address that cannot be had stops the start.</summary>
    /// <exception cref="FleetException">The address cannot be listened on.</exception>
    public HealthEndpoint(IPEndPoint address, WorkerHealth health, TimeProvider time)
    {
        (_health, _time, _listener) = (health, time, new TcpListener(address));
        if (address.AddressFamily == AddressFamily.InterNetworkV6) _listener.Server.DualMode = true;
        try
        {
            _listener.Start();
        }
        catch (SocketException refused)
        {
            throw new FleetException($"The worker's health cannot be shown at {address}: {refused.Message}; give --health another address.", inner: refused);
        }
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = AcceptAsync(_disposed.Token);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _disposed.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync(CancellationToken disposed)
    {
        try
        {
            while (true)
            {
                await _connections.WaitAsync(disposed);
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync(disposed));
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        try
        {
            using var within = new CancellationTokenSource(Patience, _time);
            using (client)
            {
                var stream = client.GetStream();
                var answer = Answer(await ReadRequestLineAsync(stream, within.Token));
                await stream.WriteAsync(answer, within.Token);
                client.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
        {
            // Who asks and does not wait needs no answer.
        }
        finally
        {
            _connections.Release();
        }
    }

    /// <summary>Reads until the empty line that ends a request without a body, so that closing does not reset the connection.</summary>
    private static async Task<string> ReadRequestLineAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var bytes = new byte[MaximumRequestBytes];
        var length = 0;
        while (length < bytes.Length && !bytes.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            var read = await stream.ReadAsync(bytes.AsMemory(length), cancellation);
            if (read == 0) break;
            length += read;
        }

        var text = Encoding.ASCII.GetString(bytes, 0, length);
        return text[..Math.Max(0, text.IndexOf('\r', StringComparison.Ordinal))];
    }

    private byte[] Answer(string requestLine)
    {
        var (status, body) = requestLine.Split(' ') switch
        {
            ["GET" or "HEAD", "/v1/health", ..] => _health.IsOk ? ("200 OK", Describe("ok")) : ("503 Service Unavailable", Describe("unavailable")),
            ["GET" or "HEAD", "/v1/ping", ..] => ("200 OK", "\"pong\""u8.ToArray()),
            _ => ("404 Not Found", "{}"u8.ToArray()),
        };
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n");
        return requestLine.StartsWith("HEAD", StringComparison.Ordinal) ? Encoding.ASCII.GetBytes(head) : [.. Encoding.ASCII.GetBytes(head), .. body];
    }

    private byte[] Describe(string status)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("status", status);
            json.WriteBoolean("broker", _health.IsConnected);
            json.WriteStartObject("ranks");
            foreach (var (domain, rank) in _health.Domains)
            {
                if (rank is { } served) json.WriteNumber(domain, served);
                else json.WriteNull(domain);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
