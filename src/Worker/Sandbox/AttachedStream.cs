using System.Text;
using Docker.DotNet;

namespace Fleet.Worker.Sandbox;

/// <summary>A container's attached streams as one stream: writes go to its standard input, reads come from its standard output.</summary>
/// <remarks>The engine marks each piece of output with the stream it comes from; standard error, where only a boot failure is seen, is kept apart.</remarks>
internal sealed class AttachedStream(MultiplexedStream attached) : Stream
{
    private readonly StringBuilder _errors = new();

    /// <summary>What came over standard error so far.</summary>
    public string Errors => _errors.ToString();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        var piece = new byte[buffer.Length];
        while (true)
        {
            var read = await attached.ReadOutputAsync(piece, 0, piece.Length, cancellationToken);
            if (read.EOF) return 0;
            if (read.Target == MultiplexedStream.TargetStream.StandardOut)
            {
                piece.AsMemory(0, read.Count).CopyTo(buffer);
                return read.Count;
            }

            if (_errors.Length < 10_000) _errors.Append(Encoding.UTF8.GetString(piece, 0, read.Count));
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var bytes = buffer.ToArray();
        await attached.WriteAsync(bytes, 0, bytes.Length, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        attached.WriteAsync(buffer, offset, count, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush() { }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override void Dispose(bool disposing)
    {
        if (disposing) attached.Dispose();
        base.Dispose(disposing);
    }
}
