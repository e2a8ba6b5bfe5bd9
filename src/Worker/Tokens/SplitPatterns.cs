using System.Text.RegularExpressions;

namespace Fleet.Worker.Tokens;

/// <summary>How families of vocabularies cut text into words before they look for tokens.</summary>
internal static class SplitPatterns
{
    /// <summary>GPT-2, and byte-level vocabularies that say nothing else.</summary>
    public const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>Qwen: digits one by one.</summary>
    public const string Qwen = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>cl100k, Llama 3, and tiktoken files that say nothing else: digits up to three together.</summary>
    public const string Cl100k = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The pattern as an expression. They look ahead, which the non-backtracking engine cannot; each alternative moves on at every step.</summary>
    public static Regex Compile(string pattern, string source)
    {
        try
        {
            return new Regex(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant);
        }
        catch (ArgumentException fault)
        {
            throw new TokenizerException($"{source} splits text by a pattern that .NET does not understand ({fault.Message}): only decoding works.", fault);
        }
    }
}
