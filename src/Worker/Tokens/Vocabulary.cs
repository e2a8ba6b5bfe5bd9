using System.Text;

namespace Fleet.Worker.Tokens;

/// <summary>A vocabulary as one of the file forms gives it, on its way into a tokenizer.</summary>
/// <param name="Source">The file, for errors.</param>
/// <param name="Tokens">The entries without added tokens: text as the file has it, and bytes.</param>
/// <param name="DropsLeadingSpace">Whether texts are encoded with a space before them that decoding takes away.</param>
/// <param name="Encoder">Makes what encodes; it takes a while and many workers only decode.</param>
internal sealed record Vocabulary(
    string Source, IReadOnlyList<VocabularyEntry> Tokens, bool DropsLeadingSpace, Func<TokenizerSettings, Func<string, IReadOnlyList<int>>> Encoder)
{
    /// <summary>The table for decoding, with added tokens, and the ids of tokens known by name.</summary>
    public (IdTable Table, IReadOnlyDictionary<string, int> Named) Table(TokenizerSettings settings)
    {
        var tokens = new List<Token>(Tokens.Count + settings.Added.Count);
        var named = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (text, id, bytes, isMark) in Tokens)
        {
            bool isSpecial = isMark || settings.IsSpecial(text);
            if (isSpecial) named[text] = id;
            tokens.Add(new Token(id, bytes, isSpecial));
        }

        foreach (var (text, id) in settings.Added)
        {
            named[text] = id;
            tokens.Add(new Token(id, Encoding.UTF8.GetBytes(text), settings.IsSpecial(text)));
        }

        return (IdTable.Of(tokens, Source), named);
    }
}

/// <summary>One entry of a vocabulary file.</summary>
/// <param name="Text">As the file writes it.</param>
/// <param name="Id">Its number.</param>
/// <param name="Bytes">What it stands for.</param>
/// <param name="IsMark">Whether the file itself says that it is no text.</param>
internal readonly record struct VocabularyEntry(string Text, int Id, byte[] Bytes, bool IsMark = false);
