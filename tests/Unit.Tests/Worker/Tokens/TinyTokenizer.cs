using System.Text;
using System.Text.Json;

namespace Fleet.Unit.Tests.Worker.Tokens;

/// <summary>Folders with a tokenizer of some three hundred tokens, written here: every byte, a few merges, a few marks.</summary>
internal sealed class TinyTokenizer : IDisposable
{
    public const int He = 256, Hell = 258, Hello = 259, SpaceW = 260, End = 300, Start = 301, Tool = 302;

    /// <summary>Each merge and the id of what it makes.</summary>
    private static readonly (string Left, string Right, int Id)[] Merges =
        [("h", "e", He), ("l", "l", 257), ("he", "ll", Hell), ("hell", "o", Hello), ("Ġ", "w", SpaceW)];

    public TinyTokenizer() => Folder = Directory.CreateTempSubdirectory("tokenizer").FullName;

    public string Folder { get; }

    /// <summary>The character of each byte, by the rule of byte-level vocabularies.</summary>
    public static string[] Alphabet()
    {
        var alphabet = new string[256];
        int next = 256;
        for (int value = 0; value < 256; value++)
        {
            bool isOwn = (value >= 33 && value <= 126) || (value >= 161 && value <= 172) || (value >= 174 && value <= 255);
            alphabet[value] = ((char)(isOwn ? value : next++)).ToString();
        }

        return alphabet;
    }

    public TinyTokenizer With(string file, string content)
    {
        File.WriteAllText(Path.Combine(Folder, file), content);
        return this;
    }

    public TinyTokenizer With(string file, byte[] content)
    {
        File.WriteAllBytes(Path.Combine(Folder, file), content);
        return this;
    }

    /// <summary>vocab.json and merges.txt.</summary>
    public TinyTokenizer WithVocabulary(params (string Text, int Id)[] more) => With("vocab.json", JsonSerializer.Serialize(Vocabulary(more)))
        .With("merges.txt", "#version: 0.2\n" + string.Join('\n', Merges.Select(merge => $"{merge.Left} {merge.Right}")) + "\n");

    /// <summary>tokenizer.json with a special mark at its end and a mark that is text.</summary>
    public TinyTokenizer WithJson(bool pairs = false, string? pattern = null) => With("tokenizer.json", JsonSerializer.Serialize(new
    {
        added_tokens = new object[]
        {
            new { id = End, content = "<|end|>", special = true },
            new { id = Tool, content = "<tool>", special = false },
        },
        pre_tokenizer = new
        {
            type = "Sequence",
            pretokenizers = new object[]
            {
                new { type = "Split", pattern = new { Regex = pattern ?? @"\p{L}+| ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+" }, behavior = "Isolated" },
                new { type = "ByteLevel", add_prefix_space = false, use_regex = false },
            },
        },
        decoder = new { type = "ByteLevel" },
        model = new
        {
            type = "BPE",
            vocab = Vocabulary([]),
            merges = Merges.Select(merge => pairs ? (object)new[] { merge.Left, merge.Right } : $"{merge.Left} {merge.Right}"),
        },
    }));

    /// <summary>A tiktoken file: the same tokens, with ranks for ids.</summary>
    public TinyTokenizer WithTiktoken(string name)
    {
        var lines = Enumerable.Range(0, 256).Select(value => new[] { (byte)value })
            .Concat(new[] { "he", "ll", "hell", "hello", " w" }.Select(Encoding.UTF8.GetBytes))
            .Select((bytes, id) => $"{Convert.ToBase64String(bytes)} {id}");
        return With(name, string.Join('\n', lines) + "\n");
    }

    /// <summary>A SentencePiece model: an unknown, two marks, bytes, and pieces of text.</summary>
    public TinyTokenizer WithSentencePiece(bool addsSpace = true)
    {
        var model = new List<byte>();
        void Piece(string text, int type) => model.AddRange(Message(1, [.. Message(1, Encoding.UTF8.GetBytes(text)), 0x15, 0, 0, 0, 0, 0x18, (byte)type]));
        Piece("<unk>", 2);
        Piece("<s>", 3);
        Piece("</s>", 3);
        for (int value = 0; value < 256; value++) Piece($"<0x{value:X2}>", 6);
        Piece("▁hello", 1);
        Piece("▁world", 1);
        Piece("<0x41>", 4);
        model.AddRange(Message(3, [0x18, (byte)(addsSpace ? 1 : 0)]));
        return With("tokenizer.model", [.. model]);

        static byte[] Message(int field, byte[] content) => [(byte)((field << 3) | 2), (byte)content.Length, .. content];
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static Dictionary<string, int> Vocabulary((string Text, int Id)[] more)
    {
        var vocabulary = Alphabet().Select((text, id) => (text, id)).ToDictionary(entry => entry.text, entry => entry.id);
        foreach (var (left, right, id) in Merges) vocabulary[left + right] = id;
        foreach (var (text, id) in more) vocabulary[text] = id;
        return vocabulary;
    }
}
