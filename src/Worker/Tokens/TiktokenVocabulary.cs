using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace Fleet.Worker.Tokens;

/// <summary>A tiktoken file: a line for each token, its bytes in base64 and its rank.</summary>
internal static class TiktokenVocabulary
{
    private const int QwenExtras = 205;

    /// <summary>Whether a file begins as a tiktoken file does; Llama 3 calls its own <c>tokenizer.model</c>.</summary>
    public static bool IsOne(ReadOnlySpan<byte> file)
    {
        int end = file.IndexOf((byte)'\n');
        return end > 0 && TryLine(file[..end], out _, out _);
    }

    /// <summary>The vocabulary. A Qwen file that stands alone gets the special tokens that its model has and the file leaves out.</summary>
    public static Vocabulary Read(string path, byte[] file, TokenizerSettings settings)
    {
        var entries = new List<VocabularyEntry>();
        int number = 0;
        foreach (var range in file.AsSpan().Split((byte)'\n'))
        {
            number++;
            var line = file.AsSpan(range);
            if (line.EndsWith("\r"u8)) line = line[..^1];
            if (line.IsEmpty) continue;
            if (!TryLine(line, out byte[] bytes, out int id))
            {
                string found = Encoding.UTF8.GetString(line[..Math.Min(line.Length, 80)]);
                throw new TokenizerException($"{path} has '{found}' on line {number}: a line is a token in base64, a space and its rank; get the file again.");
            }

            entries.Add(new VocabularyEntry(string.Empty, id, bytes));
        }

        bool isQwen = Path.GetFileName(path).StartsWith("qwen", StringComparison.OrdinalIgnoreCase);
        if (isQwen && settings.Added.Count == 0) AddQwen(settings, entries.Count);
        string pattern = isQwen ? SplitPatterns.Qwen : SplitPatterns.Cl100k;
        return new Vocabulary(path, entries, false, settings =>
        {
            var added = settings.Added.ToDictionary(StringComparer.Ordinal);
            var tokenizer = TiktokenTokenizer.Create(
                new MemoryStream(file), new SplitInTurn([SplitPatterns.Compile(pattern, path)], added), null, added);
            return text => tokenizer.EncodeToIds(text);
        });
    }

    /// <summary>The first Qwen's special tokens, in its order; the later ones agree about the first three and come with a tokenizer.json.</summary>
    private static void AddQwen(TokenizerSettings settings, int first)
    {
        string[] marks = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", .. Enumerable.Range(0, QwenExtras).Select(extra => $"<|extra_{extra}|>")];
        for (int i = 0; i < marks.Length; i++) settings.TakeSpecial(marks[i], first + i);
    }

    private static bool TryLine(ReadOnlySpan<byte> line, out byte[] bytes, out int id)
    {
        bytes = [];
        id = 0;
        if (line.EndsWith("\r"u8)) line = line[..^1];
        int space = line.IndexOf((byte)' ');
        if (space <= 0 || !int.TryParse(line[(space + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out id)) return false;
        bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(space)];
        if (Base64.DecodeFromUtf8(line[..space], bytes, out int consumed, out int written) != System.Buffers.OperationStatus.Done || consumed != space) return false;
        bytes = bytes[..written];
        return true;
    }
}
