using System.Buffers;
using System.Text;

namespace Fleet.Worker.Tokens;

/// <summary>Token ids to text. All bytes are put together before they are read as UTF-8, so that a character cut into tokens comes out whole.</summary>
public sealed class Decoder
{
    private readonly IdTable _table;
    private readonly bool _dropsLeadingSpace;
    private readonly bool _tidies;

    internal Decoder(IdTable table, bool dropsLeadingSpace, bool tidies) =>
        (_table, _dropsLeadingSpace, _tidies) = (table, dropsLeadingSpace, tidies);

    /// <summary>One more than the highest id.</summary>
    public int Count => _table.Count;

    /// <summary>The text of a row of ids.</summary>
    /// <param name="ids">The ids, without padding or with padding that is a special token.</param>
    /// <param name="skipSpecialTokens">Whether tokens that mark something are left out, as for scoring.</param>
    /// <remarks>Invalid UTF-8 becomes U+FFFD, once for each longest part that could begin a character, as Python's errors="replace" has it.</remarks>
    /// <exception cref="TokenizerException">An id is not in the vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Max(256, ids.Length * 6));
        try
        {
            int length = 0;
            for (int i = 0; i < ids.Length; i++)
            {
                int id = ids[i];
                if (!_table.Has(id)) throw Unknown(id, i);
                if (skipSpecialTokens && _table.IsSpecial(id)) continue;
                var bytes = _table.Bytes(id);
                if (bytes.Length > buffer.Length - length) buffer = Grown(buffer, length, bytes.Length);
                bytes.CopyTo(buffer.AsSpan(length));
                length += bytes.Length;
            }

            int start = _dropsLeadingSpace && length > 0 && buffer[0] == (byte)' ' ? 1 : 0;
            string text = Encoding.UTF8.GetString(buffer, start, length - start);
            return _tidies ? TidiedSpaces.Of(text) : text;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grown(byte[] buffer, int length, int more)
    {
        byte[] grown = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, length + more));
        buffer.AsSpan(0, length).CopyTo(grown);
        ArrayPool<byte>.Shared.Return(buffer);
        return grown;
    }

    private TokenizerException Unknown(int id, int position) => new(
        $"The id {id} at position {position} is not in the vocabulary, whose ids are 0 to {_table.Count - 1} with some left out: " +
        "decode with the tokenizer that made the ids.");
}
