using System.Runtime.InteropServices;
using System.Text;

namespace Fleet.Contracts.Batches.Storage;

/// <summary>Texts that came as strings.</summary>
internal sealed class StringStore(ReadOnlyMemory<string?> texts) : TextStore(texts.Length)
{
    private readonly ReadOnlyMemory<string?> _texts = texts;

    public override string? this[int row] => _texts.Span[row];

    public override bool IsNull(int row) => _texts.Span[row] is null;

    public override int BytesOf(int row) => _texts.Span[row] is { } text ? Encoding.UTF8.GetByteCount(text) : 0;

    public override (ReadOnlyMemory<byte> Offsets, ReadOnlyMemory<byte> Bytes) Utf8()
    {
        var texts = _texts.Span;
        var offsetBytes = new byte[(texts.Length + 1) * sizeof(int)];
        var offsets = MemoryMarshal.Cast<byte, int>(offsetBytes.AsSpan());
        long total = 0;
        for (int row = 0; row < texts.Length; row++)
        {
            total += texts[row] is { } text ? Encoding.UTF8.GetByteCount(text) : 0;
            offsets[row + 1] = (int)total;
        }

        byte[] bytes = Utf8Store.Allocate(total);
        for (int row = 0; row < texts.Length; row++)
        {
            if (texts[row] is { } text) Encoding.UTF8.GetBytes(text, bytes.AsSpan(offsets[row]));
        }

        return (offsetBytes, bytes);
    }

    public override StringStore Slice(int start, int length) => new(_texts.Slice(start, length));

    public override StringStore Gather(ReadOnlySpan<int> rows)
    {
        var gathered = new string?[rows.Length];
        var texts = _texts.Span;
        for (int i = 0; i < rows.Length; i++) gathered[i] = texts[rows[i]];
        return new StringStore(gathered);
    }

    public static StringStore Join(StringStore[] parts)
    {
        var joined = new string?[parts.Sum(part => part.Length)];
        int at = 0;
        foreach (var part in parts)
        {
            part._texts.CopyTo(joined.AsMemory(at));
            at += part.Length;
        }

        return new StringStore(joined);
    }
}
