using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Fleet.QueueContract.Tests;

/// <summary>A way to a server that can be cut, so that both ends see their peer vanish, or held, so that they hear nothing and are told nothing.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _ends = [];
    private readonly CancellationTokenSource _stop = new();
    private volatile TaskCompletionSource _open = Opened();
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

    /// <summary>Holds everything: connections stay open and new ones are taken, and not a byte passes, as when a cable is pulled.</summary>
    public void Hold() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets everything through again, what was held included.</summary>
    public void Release() => _open.TrySetResult();

    public ValueTask DisposeAsync()
    {
        Cut();
        Release();
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

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        var buffer = new byte[1 << 16];
        try
        {
            int read;
            while ((read = await from.GetStream().ReadAsync(buffer)) > 0)
            {
                await _open.Task;
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
            }

            // That one end has closed is not heard either.
            await _open.Task;
        }
        catch (Exception cut) when (cut is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // One end is gone.
        }

        from.Dispose();
        to.Dispose();
    }
}
