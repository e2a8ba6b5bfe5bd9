using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Fleet.QueueContract.Tests;

/// <summary>A way to a server that can be cut, so that both ends see their peer vanish.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _ends = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly string _host;
    private readonly int _port;

    public Relay(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Cuts everything, for good.</summary>
    public void Cut()
    {
        _stop.Cancel();
        _listener.Stop();
        CutConnections();
    }

    /// <summary>Cuts what is open; new connections go through.</summary>
    public void CutConnections()
    {
        while (_ends.TryTake(out var end)) end.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Cut();
        _stop.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync(_stop.Token);
                var far = new TcpClient();
                await far.ConnectAsync(_host, _port, _stop.Token);
                _ends.Add(near);
                _ends.Add(far);
                _ = CopyAsync(near, far);
                _ = CopyAsync(far, near);
            }
        }
        catch (Exception cut) when (cut is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test cut it.
        }
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to)
    {
        var buffer = new byte[1 << 16];
        try
        {
            int read;
            while ((read = await from.GetStream().ReadAsync(buffer)) > 0) await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
        }
        catch (Exception cut) when (cut is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // One end is gone.
        }

        from.Dispose();
        to.Dispose();
    }
}
