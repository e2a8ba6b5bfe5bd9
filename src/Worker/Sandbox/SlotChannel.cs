using System.Buffers.Binary;
using System.Text.Json;

namespace Fleet.Worker.Sandbox;

/// <summary>Frames between the worker and a slot: two little-endian 32-bit lengths, a JSON header, a body of bytes.</summary>
internal sealed class SlotChannel(Stream stream) : IAsyncDisposable
{
    private const int Lengths = 2 * sizeof(uint);

    // Five outputs of the largest allowed size, and what a program's files may be.
    private const uint Largest = 512 << 20;

    // What a slot says fits in one read, mostly; only reading goes through it.
    private readonly BufferedStream _incoming = new(stream, 1 << 14);

    /// <summary>Sends bytes that are no frame: the runner's modules.</summary>
    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        await stream.WriteAsync(bytes, cancel);
        await stream.FlushAsync(cancel);
    }

    /// <summary>Sends bytes and frames after them, all at once.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> before, IReadOnlyList<Frame> frames, CancellationToken cancel)
    {
        using var data = new MemoryStream();
        data.Write(before.Span);
        foreach (var frame in frames)
        {
            var header = JsonSerializer.SerializeToUtf8Bytes(frame.Header);
            var lengths = new byte[Lengths];
            BinaryPrimitives.WriteUInt32LittleEndian(lengths, (uint)header.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(lengths.AsSpan(sizeof(uint)), (uint)frame.Bodies.Sum(body => body.Length));
            data.Write(lengths);
            data.Write(header);
            foreach (var body in frame.Bodies) data.Write(body);
        }

        await stream.WriteAsync(data.GetBuffer().AsMemory(0, (int)data.Length), cancel);
        await stream.FlushAsync(cancel);
    }

    /// <summary>Receives one frame.</summary>
    /// <exception cref="EndOfStreamException">The slot is gone.</exception>
    public async Task<(JsonElement Header, byte[] Body)> ReceiveAsync(CancellationToken cancel)
    {
        var lengths = new byte[Lengths];
        await _incoming.ReadExactlyAsync(lengths, cancel);
        var headerLength = BinaryPrimitives.ReadUInt32LittleEndian(lengths);
        var bodyLength = BinaryPrimitives.ReadUInt32LittleEndian(lengths.AsSpan(sizeof(uint)));
        if (headerLength > Largest || bodyLength > Largest) throw new InvalidDataException($"A slot announced a frame of {headerLength} and {bodyLength} bytes.");

        var header = new byte[headerLength];
        await _incoming.ReadExactlyAsync(header, cancel);
        var body = new byte[bodyLength];
        await _incoming.ReadExactlyAsync(body, cancel);
        return (JsonDocument.Parse(header).RootElement, body);
    }

    public ValueTask DisposeAsync() => _incoming.DisposeAsync();
}

/// <summary>One frame to send.</summary>
internal readonly record struct Frame(object Header, params byte[][] Bodies);
