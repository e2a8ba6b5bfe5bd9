using System.Text;

namespace Fleet.Contracts.Batches.Storage;

/// <summary>Texts that came as strings.</summary>
internal sealed class StringStore(ReadOnlyMemory<string?> texts) : TextStore(texts.Length)
{
    private readonly ReadOnlyMemory<string?> _texts = texts;

    public override string? this[int row] => _texts.Span[row];

    public override long ByteCount
    {
        get
        {
            long bytes = 0;
            foreach (string? text in _texts.Span) bytes += text is null ? 0 : Encoding.UTF8.GetByteCount(text);
            return bytes;
        }
    }

    public override bool IsNull(int row) => _texts.Span[row] is null;

    public override void CopyTo(Span<byte> bytes, Span<int> ends)
    {
        int at = 0;
        var texts = _texts.Span;
        for (int i = 0; i < texts.Length; i++)
        {
            if (texts[i] is { } text) at += Encoding.UTF8.GetBytes(text, bytes[at..]);
            ends[i] = at;
        }
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
