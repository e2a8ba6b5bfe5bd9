namespace Fleet.Gateway.Protocols;

/// <summary>Finds the special tokens at both ends of a decoded sequence; those inside are part of what was said.</summary>
/// <remarks>The gateway has no tokenizer: what counts is the form <c>&lt;|name|&gt;</c>, also with the full-width bar, and the names that older vocabularies use.</remarks>
internal static class SpecialTokens
{
    private const int Longest = 64;

    private static readonly string[] Names =
        ["</s>", "<s>", "<eos>", "<bos>", "<pad>", "<unk>", "<start_of_turn>", "<end_of_turn>", "[PAD]", "[EOS]", "[BOS]", "[/INST]", "[INST]"];

    /// <summary>A response without the special tokens at its end, by which a trainer's sampler stopped; without any it stays as it is.</summary>
    public static string CutEnd(string response) => response[..^TrailingLength(response)];

    /// <summary>Characters of the special tokens at the beginning.</summary>
    public static int LeadingLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (First(text[length..]) is var token and > 0) length += token;
        return length;
    }

    /// <summary>Characters of the special tokens at the end, with blanks behind and between them but not before them.</summary>
    private static int TrailingLength(ReadOnlySpan<char> text)
    {
        var end = text.Length;
        while (Last(text[..end].TrimEnd()) is var token and > 0) end = text[..end].TrimEnd().Length - token;
        return text.Length - end;
    }

    private static int First(ReadOnlySpan<char> text)
    {
        foreach (var name in Names)
        {
            if (text.StartsWith(name, StringComparison.Ordinal)) return name.Length;
        }

        if (text.Length < 5 || text[0] != '<' || !IsBar(text[1])) return 0;
        var close = text[..Math.Min(text.Length, Longest)].IndexOf('>');
        return close > 3 && IsBar(text[close - 1]) && IsName(text[2..(close - 1)]) ? close + 1 : 0;
    }

    private static int Last(ReadOnlySpan<char> text)
    {
        foreach (var name in Names)
        {
            if (text.EndsWith(name, StringComparison.Ordinal)) return name.Length;
        }

        if (text.Length < 5 || text[^1] != '>' || !IsBar(text[^2])) return 0;
        var open = text[Math.Max(0, text.Length - Longest)..].LastIndexOf('<');
        if (open < 0) return 0;
        var token = text[Math.Max(0, text.Length - Longest)..][open..];
        return token.Length >= 5 && IsBar(token[1]) && IsName(token[2..^2]) ? token.Length : 0;
    }

    private static bool IsBar(char c) => c is '|' or '\uFF5C';

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('_' or '-' or '\u2581')) return false;
        }

        return name.Length > 0;
    }
}
