using System.Net.Sockets;

namespace Fleet.Integration.Tests.Sandbox;

/// <summary>A socket in front of the engine's own, which can be shut as if the engine had been stopped, and opened again.</summary>
internal sealed class EngineGate : IAsyncDisposable
{
    private const string Engine = "/var/run/docker.sock";

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"gate-{Guid.NewGuid():N}.sock");
    private readonly List<Socket> _through = [];
    private readonly Lock _lock = new();
    private Socket? _listener;

    public EngineGate() => Open();

    public string Endpoint => "unix://" + _path;

    public void Open()
    {
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(_path));
        _listener.Listen(64);
        _ = AcceptAsync(_listener);
    }

    public void Shut()
    {
        lock (_lock)
        {
            _listener?.Dispose();
            _listener = null;
            File.Delete(_path);
            foreach (var socket in _through) socket.Dispose();
            _through.Clear();
        }
    }

    public ValueTask DisposeAsync()
    {
        Shut();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var near = await listener.AcceptAsync();
                var far = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await far.ConnectAsync(new UnixDomainSocketEndPoint(Engine));
                lock (_lock) _through.AddRange([near, far]);
                _ = PumpAsync(near, far);
                _ = PumpAsync(far, near);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Shut.
        }
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[65_536];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0) await to.SendAsync(buffer.AsMemory(0, read));
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            from.Dispose();
            to.Dispose();
        }
    }
}
