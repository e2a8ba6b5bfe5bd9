namespace Fleet.Worker.Tokens;

/// <summary>From an id to the bytes that it stands for: all bytes behind one another, and where each id's end.</summary>
internal sealed class IdTable
{
    /// <summary>No vocabulary is near it; a file that says otherwise would make the table huge.</summary>
    public const int MostIds = 1 << 22;

    private const int Absent = -1;

    private readonly int[] _starts; // of each id, or Absent
    private readonly int[] _lengths;
    private readonly bool[] _special;
    private readonly byte[] _bytes;

    private IdTable(int[] starts, int[] lengths, bool[] special, byte[] bytes) =>
        (_starts, _lengths, _special, _bytes) = (starts, lengths, special, bytes);

    /// <summary>One more than the highest id.</summary>
    public int Count => _starts.Length;

    /// <summary>The table of these tokens; of an id that comes twice the last counts.</summary>
    /// <exception cref="TokenizerException">An id is negative or beyond any vocabulary.</exception>
    public static IdTable Of(IReadOnlyCollection<Token> tokens, string source)
    {
        int count = 0;
        foreach (var token in tokens)
        {
            if (token.Id is < 0 or >= MostIds)
            {
                throw new TokenizerException($"{source} has the token id {token.Id}: ids are 0 to {MostIds - 1}; get the file again.");
            }

            count = Math.Max(count, token.Id + 1);
        }

        if (count == 0) throw new TokenizerException($"{source} has no tokens: get the file again.");
        var (starts, lengths, special) = (new int[count], new int[count], new bool[count]);
        starts.AsSpan().Fill(Absent);
        var bytes = new byte[tokens.Sum(token => token.Bytes.Length)];
        int at = 0;
        foreach (var (id, text, isSpecial) in tokens)
        {
            text.CopyTo(bytes, at);
            (starts[id], lengths[id], special[id]) = (at, text.Length, isSpecial);
            at += text.Length;
        }

        return new IdTable(starts, lengths, special, bytes);
    }

    public bool Has(int id) => (uint)id < (uint)_starts.Length && _starts[id] != Absent;

    /// <summary>Whether an id that the table has is special.</summary>
    public bool IsSpecial(int id) => _special[id];

    /// <summary>The bytes of an id that the table has.</summary>
    public ReadOnlySpan<byte> Bytes(int id) => _bytes.AsSpan(_starts[id], _lengths[id]);
}
