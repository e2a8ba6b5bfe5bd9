namespace Fleet.Worker.Tokens;

/// <summary>A model's tokenizer, loaded from the files that come with the model: ids to text and text to ids.</summary>
/// <remarks>
/// Reads, in this order, <c>tokenizer.json</c>, <c>vocab.json</c> with <c>merges.txt</c>, a <c>*.tiktoken</c> file, and <c>tokenizer.model</c>;
/// beside each, <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c> and <c>added_tokens.json</c>. Safe to use from many threads.
/// </remarks>
public sealed class TokenizerFolder
{
    private readonly Lazy<Func<string, IReadOnlyList<int>>> _encode;

    private TokenizerFolder(string path, Vocabulary vocabulary, TokenizerSettings settings)
    {
        Path = path;
        var (table, named) = vocabulary.Table(settings);
        Decoder = new Decoder(table, vocabulary.DropsLeadingSpace, settings.TidiesSpaces);
        NamedIds = named;
        PadId = Id(settings, "pad_token");
        EosId = Id(settings, "eos_token");
        BosId = Id(settings, "bos_token");
        _encode = new Lazy<Func<string, IReadOnlyList<int>>>(() => Encoder(vocabulary, settings));
    }

    /// <summary>Where it was loaded from.</summary>
    public string Path { get; }

    /// <summary>Ids to text.</summary>
    public Decoder Decoder { get; }

    /// <summary>The ids of special and added tokens by their text.</summary>
    public IReadOnlyDictionary<string, int> NamedIds { get; }

    /// <summary>The id that pads, if the files name one.</summary>
    public int? PadId { get; }

    /// <summary>The id that ends a text, if the files name one.</summary>
    public int? EosId { get; }

    /// <summary>The id that begins a text, if the files name one.</summary>
    public int? BosId { get; }

    /// <summary>Loads a folder, or the one file that a path names.</summary>
    /// <exception cref="TokenizerException">There is no tokenizer, or it is damaged or of a form unknown here.</exception>
    public static TokenizerFolder Load(string path)
    {
        if (File.Exists(path)) return LoadFile(path);
        if (!Directory.Exists(path))
        {
            throw new TokenizerException(
                $"There is no tokenizer at '{path}', neither a folder nor a file: give the local folder of the model, for names of a hub are not downloaded.");
        }

        string Within(string name) => System.IO.Path.Combine(path, name);
        if (File.Exists(Within("tokenizer.json"))) return LoadFile(Within("tokenizer.json"));
        if (File.Exists(Within("vocab.json")) && File.Exists(Within("merges.txt")))
        {
            return new TokenizerFolder(path, ByteLevelVocabulary.ReadFiles(path), TokenizerSettings.Read(path));
        }

        string[] tiktoken = [.. Directory.EnumerateFiles(path, "*.tiktoken").Order(StringComparer.Ordinal)];
        if (tiktoken.Length > 1)
        {
            throw new TokenizerException($"'{path}' holds {tiktoken.Length} tiktoken files ({string.Join(", ", tiktoken.Select(System.IO.Path.GetFileName))}): name the one to use.");
        }

        if (tiktoken.Length == 1) return LoadFile(tiktoken[0]);
        if (File.Exists(Within("tokenizer.model"))) return LoadFile(Within("tokenizer.model"));
        throw new TokenizerException(
            $"'{path}' holds no tokenizer.json, no vocab.json with merges.txt, no *.tiktoken and no tokenizer.model: copy the tokenizer's files from the model's folder.");
    }

    /// <summary>The text of a row of ids; see <see cref="Tokens.Decoder.Decode"/>.</summary>
    /// <exception cref="TokenizerException">An id is not in the vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true) => Decoder.Decode(ids, skipSpecialTokens);

    /// <summary>The ids of a text. Added tokens in it become their ids; none is added at its ends.</summary>
    /// <exception cref="TokenizerException">The files are enough to decode, but not to encode.</exception>
    public IReadOnlyList<int> Encode(string text) => _encode.Value(text);

    private static TokenizerFolder LoadFile(string path)
    {
        var settings = TokenizerSettings.Read(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            return new TokenizerFolder(path, ByteLevelVocabulary.ReadJson(path, settings), settings);
        }

        byte[] file = TokenizerFiles.Bytes(path);
        var vocabulary = TiktokenVocabulary.IsOne(file) ? TiktokenVocabulary.Read(path, file, settings) : SentencePieceVocabulary.Read(path, file);
        return new TokenizerFolder(path, vocabulary, settings);
    }

    private static Func<string, IReadOnlyList<int>> Encoder(Vocabulary vocabulary, TokenizerSettings settings)
    {
        try
        {
            return vocabulary.Encoder(settings);
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or NotSupportedException or FormatException or KeyNotFoundException)
        {
            throw new TokenizerException($"{vocabulary.Source} can decode ids and not encode text ({fault.Message}): check that its files belong together.", fault);
        }
    }

    private int? Id(TokenizerSettings settings, string role) =>
        settings.Role(role) is { } text && NamedIds.TryGetValue(text, out int id) ? id : null;
}
