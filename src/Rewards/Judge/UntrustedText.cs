using System.Security.Cryptography;
using System.Text;

namespace Fleet.Rewards.Judge;

/// <summary>Quotes text for a judge so that it can neither close its own quotes nor speak to the judge.</summary>
/// <remarks>
/// Each quoted text stands between <c>&lt;name-MARK&gt;</c> and <c>&lt;/name-MARK&gt;</c>. The mark is a digest of all
/// quoted texts, taken again until none of them contains it, so no text can hold its own closing line. Inside, whatever
/// a chat template gives a meaning (<c>&lt;|im_end|&gt;</c>, <c>[INST]</c>, <c>&lt;/think&gt;</c>, ...) is made harmless, and
/// characters that a reader cannot see are replaced.
/// </remarks>
public sealed class UntrustedText
{
    private const int MarkHexDigits = 12;

    private static readonly string[] TagNames =
    [
        "think", "thinking", "reasoning", "answer", "verdict", "judge", "judgement", "judgment", "system", "user", "human", "assistant", "developer", "tool",
        "question", "response", "reference", "conversation", "instructions", "start_of_turn", "end_of_turn", "bos", "eos", "pad", "unk", "s",
        "tool_call", "tool_response", "begin_of_text", "end_of_text", "sep", "cls", "mask",
    ];

    private static readonly string[] BracketNames = ["inst", "system_prompt", "available_tools", "tool_calls", "tool_results"];

    private readonly string _mark;

    /// <summary>Quotes for the texts of one prompt.</summary>
    public UntrustedText(params IEnumerable<string> texts)
    {
        List<string> quoted = [.. texts];
        var content = Encoding.UTF8.GetBytes(string.Join('\0', quoted));
        do
        {
            content = SHA256.HashData(content);
            _mark = Convert.ToHexStringLower(content)[..MarkHexDigits];
        }
        while (quoted.Any(text => text.Contains(_mark, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>What makes the quotes of this prompt unlike any text in it; 12 hexadecimal digits.</summary>
    public string Mark => _mark;

    /// <summary>The text between its quotes.</summary>
    /// <param name="name">What is quoted: <c>question</c>, <c>response</c>, ...</param>
    /// <param name="text">The text; any.</param>
    public string Quote(string name, string text) => $"<{name}-{_mark}>\n{Escape(text)}\n</{name}-{_mark}>";

    /// <summary>The text with everything made harmless that a chat template, a parser or an eye could be deceived by.</summary>
    public static string Escape(string text)
    {
        var result = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '<' && OpensMarkup(text, i)) result.Append('‹');
            else if (c == '>' && i > 0 && text[i - 1] is '|' or '｜') result.Append('›');
            else if (c == '[' && OpensBracket(text, i)) result.Append('［');
            else if (c == '\r') result.Append(i + 1 < text.Length && text[i + 1] == '\n' ? "" : "\n");
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) AppendPair(result, c, text[++i]);
            else result.Append(IsUnseen(c) ? '\uFFFD' : c);
        }

        return result.ToString();
    }

    private static bool OpensMarkup(string text, int at)
    {
        var next = at + 1;
        if (next >= text.Length) return false;
        if (text[next] is '|' or '｜' or '<') return true;
        if (text[next] == '/') next++;
        return StartsWithName(text, next, TagNames, '>');
    }

    private static bool OpensBracket(string text, int at)
    {
        var next = at + 1;
        if (next < text.Length && text[next] == '/') next++;
        return StartsWithName(text, next, BracketNames, ']');
    }

    private static bool StartsWithName(string text, int at, string[] names, char end)
    {
        var stop = at;
        while (stop < text.Length && stop - at < 24 && (char.IsAsciiLetter(text[stop]) || text[stop] == '_')) stop++;
        if (stop == at || (stop < text.Length && text[stop] != end && text[stop] is not (' ' or '\t' or '\n' or '-' or '/'))) return false;
        var name = text.AsSpan(at, stop - at);
        foreach (var known in names)
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    // Tag characters (U+E0000 to U+E007F) spell ASCII that no reader sees but a tokenizer does.
    private static void AppendPair(StringBuilder result, char high, char low)
    {
        if (high == '\uDB40' && low <= '\uDC7F') result.Append('\uFFFD');
        else result.Append(high).Append(low);
    }

    private static bool IsUnseen(char c) =>
        (c < ' ' && c is not ('\n' or '\t')) || c is (>= '\u007F' and <= '\u009F') or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200B' or '\u2060' or '\uFEFF'
        || char.IsSurrogate(c);
}
