using System.Buffers;

namespace Fleet.Contracts.Wire;

/// <summary>A stream that only appends to a buffer writer, which Arrow's writer cannot write to itself.</summary>
internal sealed class BufferWriterStream(IBufferWriter<byte> buffer) : Stream
{
    private long _written;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _written;

    public override long Position
    {
        get => _written;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        buffer.Write(bytes);
        _written += bytes.Length;
    }

    public override void Write(byte[] array, int offset, int count) => Write(array.AsSpan(offset, count));

    public override void Flush() { }

    public override int Read(byte[] array, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
