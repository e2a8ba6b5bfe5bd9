using System.IO.Compression;
using System.Numerics;

namespace Fleet.Rewards.Instructions.Languages;

/// <summary>How probable each n-gram is in each of 55 languages, from the embedded resource that <c>make_profiles.py</c> writes.</summary>
internal sealed class LanguageProfiles
{
    private const string Resource = "Fleet.Rewards.Instructions.Languages.language-profiles.bin";

    // langdetect's smoothing: alpha over the base frequency.
    private const double Smoothing = 0.5 / 10000;

    private static readonly Lazy<LanguageProfiles> Loaded = new(Load);

    // An open hash table from the n-gram's key to the place of its first weight; the weights of one n-gram stand together.
    private readonly ulong[] _keys;
    private readonly int[] _slots;
    private readonly int _shift;
    private readonly int[] _starts;
    private readonly byte[] _languages;
    private readonly double[] _weights;

    private LanguageProfiles(ResourceReader reader)
    {
        if (reader.Number() != 1) throw new InvalidDataException("The language profiles are of another version.");

        Codes = new string[reader.Number()];
        var totals = new double[Codes.Length, 3];
        for (var i = 0; i < Codes.Length; i++)
        {
            Codes[i] = reader.Text();
            for (var length = 0; length < 3; length++) totals[i, length] = reader.Number();
        }

        Tables = new CharacterTables(reader);

        var grams = new List<ulong>(90_000);
        var starts = new List<int>(90_000);
        var languages = new List<byte>(190_000);
        var weights = new List<double>(190_000);
        for (var length = 1; length <= 3; length++)
        {
            var count = reader.Number();
            ReadGrams(reader, length, count, grams);

            var first = languages.Count;
            var end = first;
            for (var i = 0; i < count; i++)
            {
                starts.Add(end);
                end += reader.Number();
            }

            for (var i = first; i < end; i++) languages.Add((byte)reader.Number());

            // What the n-gram says for a language beyond what it says for one that never has it.
            for (var i = first; i < end; i++) weights.Add(Log(1 + reader.Number() / totals[languages[i], length - 1] / Smoothing));
        }

        starts.Add(languages.Count);
        _starts = [.. starts];
        _languages = [.. languages];
        _weights = [.. weights];

        var bits = BitOperations.Log2((uint)grams.Count) + 2;
        _keys = new ulong[1 << bits];
        _slots = new int[1 << bits];
        _shift = 64 - bits;
        for (var i = 0; i < grams.Count; i++)
        {
            var slot = Slot(grams[i]);
            _keys[slot] = grams[i];
            _slots[slot] = i;
        }
    }

    /// <summary>The profiles, read on first use.</summary>
    public static LanguageProfiles Shared => Loaded.Value;

    /// <summary>The languages' codes, sorted.</summary>
    public string[] Codes { get; }

    /// <summary>How characters are made alike before they are looked up.</summary>
    public CharacterTables Tables { get; }

    /// <summary>The key of one character.</summary>
    public static ulong Key(int a) => (uint)a;

    /// <summary>The key of two characters.</summary>
    public static ulong Key(int a, int b) => ((ulong)(uint)(a + 1) << 21) | (uint)b;

    /// <summary>The key of three characters.</summary>
    public static ulong Key(int a, int b, int c) => ((ulong)(uint)(a + 1) << 42) | ((ulong)(uint)(b + 1) << 21) | (uint)c;

    /// <summary>Adds what an n-gram says to the sums of the languages.</summary>
    /// <returns>False when no language has the n-gram.</returns>
    public bool AddTo(Span<double> sums, ulong key)
    {
        var slot = Slot(key);
        if (_keys[slot] != key) return false;

        var gram = _slots[slot];
        var end = _starts[gram + 1];
        for (var i = _starts[gram]; i < end; i++) sums[_languages[i]] += _weights[i];
        return true;
    }

    // The slot that holds the key, or the free one where it would be. No key is 0: U+0000 is no n-gram.
    private int Slot(ulong key)
    {
        var slot = (int)((key * 0x9E3779B97F4A7C15) >> _shift);
        while (_keys[slot] != key && _keys[slot] != 0) slot = (slot + 1) & (_keys.Length - 1);
        return slot;
    }

    private static void ReadGrams(ResourceReader reader, int length, int count, List<ulong> grams)
    {
        Span<int> gram = stackalloc int[3];
        for (var i = 0; i < count; i++)
        {
            for (var at = reader.Number(); at < length; at++) gram[at] = reader.Number();
            grams.Add(length switch
            {
                1 => Key(gram[0]),
                2 => Key(gram[0], gram[1]),
                _ => Key(gram[0], gram[1], gram[2]),
            });
        }
    }

    private static LanguageProfiles Load()
    {
        using var stream = typeof(LanguageProfiles).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly has no resource {Resource}.");
        using var unpacked = new ZLibStream(stream, CompressionMode.Decompress);
        using var memory = new MemoryStream();
        unpacked.CopyTo(memory);
        return new LanguageProfiles(new ResourceReader(memory.ToArray()));
    }
}
