using System.Buffers.Binary;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace Fleet.Worker.Tokens;

/// <summary>A SentencePiece model: a protocol buffer whose pieces are read here, because the library does not decode them as bytes.</summary>
/// <remarks>Source: google/sentencepiece src/sentencepiece_model.proto: field 1 are the pieces (1 text, 3 type), field 3 the normaliser (3 dummy prefix).</remarks>
internal static class SentencePieceVocabulary
{
    private const int Unknown = 2, Control = 3, Byte = 6;

    public static Vocabulary Read(string path, byte[] file)
    {
        var entries = new List<VocabularyEntry>();
        bool addsSpace = true;
        ReadOnlySpan<byte> rest = file;
        while (!rest.IsEmpty)
        {
            var (field, _, bytes) = Next(ref rest, path);
            if (field == 1) entries.Add(Piece(bytes, entries.Count, path));
            else if (field == 3) addsSpace = AddsSpace(bytes, path);
        }

        return new Vocabulary(path, entries, addsSpace, settings =>
        {
            var tokenizer = SentencePieceTokenizer.Create(
                new MemoryStream(file), addBeginningOfSentence: false, addEndOfSentence: false, settings.Added.ToDictionary(StringComparer.Ordinal));
            return text => tokenizer.EncodeToIds(text);
        });
    }

    private static VocabularyEntry Piece(ReadOnlySpan<byte> message, int id, string path)
    {
        string text = string.Empty;
        long type = 1;
        while (!message.IsEmpty)
        {
            var (field, value, bytes) = Next(ref message, path);
            if (field == 1) text = Encoding.UTF8.GetString(bytes);
            else if (field == 3) type = value;
        }

        return new VocabularyEntry(text, id, SpacedPieces.Bytes(text, type == Byte), type is Unknown or Control);
    }

    private static bool AddsSpace(ReadOnlySpan<byte> message, string path)
    {
        bool adds = true;
        while (!message.IsEmpty)
        {
            var (field, value, _) = Next(ref message, path);
            if (field == 3) adds = value != 0;
        }

        return adds;
    }

    /// <summary>The next field of a protocol buffer: a number, or bytes.</summary>
    private static Field Next(ref ReadOnlySpan<byte> message, string path)
    {
        long tag = Number(ref message, path);
        switch (tag & 7)
        {
            case 0: return new Field((int)(tag >> 3), Number(ref message, path), default);
            case 1: return new Field((int)(tag >> 3), BinaryPrimitives.ReadInt64LittleEndian(Take(ref message, 8, path)), default);
            case 2: return new Field((int)(tag >> 3), 0, Take(ref message, Number(ref message, path), path));
            case 5: return new Field((int)(tag >> 3), BinaryPrimitives.ReadInt32LittleEndian(Take(ref message, 4, path)), default);
            default: throw Damaged(path);
        }
    }

    private static long Number(ref ReadOnlySpan<byte> message, string path)
    {
        ulong number = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(ref message, 1, path)[0];
            number |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return (long)number;
        }

        throw Damaged(path);
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> message, long count, string path)
    {
        if (count < 0 || count > message.Length) throw Damaged(path);
        var taken = message[..(int)count];
        message = message[(int)count..];
        return taken;
    }

    private static TokenizerException Damaged(string path) => new(
        $"{path} is no SentencePiece model and no tiktoken file: get the file again; a file kept by git-lfs may be only a pointer.");

    private readonly ref struct Field(int number, long value, ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public void Deconstruct(out int field, out long number1, out ReadOnlySpan<byte> content)
        {
            field = number;
            number1 = value;
            content = _bytes;
        }
    }
}
