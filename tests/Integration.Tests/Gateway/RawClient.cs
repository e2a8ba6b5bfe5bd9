using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fleet.Integration.Tests.Gateway;

/// <summary>A client that says exactly what a test tells it to, reads when it is told to, and may be cut off.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly StringBuilder _unread = new();

    private RawClient()
    {
    }

    public static async Task<RawClient> ConnectAsync(Uri address, int receiveBuffer = 0)
    {
        var client = new RawClient();
        if (receiveBuffer > 0) client._socket.ReceiveBufferSize = receiveBuffer;
        await client._socket.ConnectAsync(IPAddress.Loopback, address.Port);
        return client;
    }

    public async Task SendAsync(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text).AsMemory();
        while (bytes.Length > 0) bytes = bytes[await _socket.SendAsync(bytes)..];
    }

    public Task SendChunkAsync(string text) =>
        SendAsync($"{Encoding.UTF8.GetByteCount(text).ToString("x", CultureInfo.InvariantCulture)}\r\n{text}\r\n");

    /// <summary>Reads until some words came, and returns what came up to their end.</summary>
    public async Task<string> ReadUntilAsync(string words)
    {
        while (true)
        {
            var text = _unread.ToString();
            if (text.IndexOf(words, StringComparison.Ordinal) is var found and >= 0)
            {
                _unread.Remove(0, found + words.Length);
                return text[..(found + words.Length)];
            }

            if (await ReadAsync() == 0) Assert.Fail($"The answer ended before '{words}': {text}");
        }
    }

    public async Task<string> ReadToEndAsync()
    {
        while (await ReadAsync() > 0)
        {
        }

        return _unread.ToString();
    }

    /// <summary>Cuts the line without a word.</summary>
    public void Cut()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    public void Dispose() => _socket.Dispose();

    private async Task<int> ReadAsync()
    {
        using var deadline = new CancellationTokenSource(TestGateway.Patience);
        var read = await _socket.ReceiveAsync(_buffer, deadline.Token);
        _unread.Append(Encoding.UTF8.GetString(_buffer, 0, read));
        return read;
    }
}
