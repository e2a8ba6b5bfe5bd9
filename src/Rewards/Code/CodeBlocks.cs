using Fleet.Rewards.Text;

namespace Fleet.Rewards.Code;

/// <summary>A fenced block of a response.</summary>
/// <param name="Tag">The word after the opening fence, empty when there is none.</param>
/// <param name="Body">The lines between the fences.</param>
/// <param name="Closed">Whether the closing fence is there.</param>
internal readonly record struct CodeBlock(string Tag, string Body, bool Closed);

/// <summary>The program that a response offers.</summary>
/// <param name="Text">Its source; empty when the response offers none.</param>
/// <param name="Language">The language that it will run as; null when its tag names one that the sandbox does not run.</param>
/// <param name="Tag">The tag of its fence as written, empty without one.</param>
public readonly record struct CodeAnswer(string Text, CodeLanguage? Language, string Tag);

/// <summary>Finds the program in a response: what follows the thinking, and there the last block that is a program.</summary>
/// <remarks>
/// A block counts as the program when its tag is the language that the row asks for, else when it is any language of
/// ours, else when it has no tag. Among those, blocks that define the function under test come first, and the last of
/// the first kind is taken. A shell command beside a program is no program. A text without fences is the program itself.
/// Source: alibaba/ROLL@8eb27cc2 roll/utils/local_code/extract_utils.py (local), code_sandbox_reward_worker.py (service).
/// Differs: one rule for both ways, where the reference takes the first block with <c>def </c> here and the last there.
/// </remarks>
public static class CodeBlocks
{
    private const string SolutionBegin = "<|begin_of_solution|>";

    private static readonly string[] EndTokens = ["<|endoftext|>", "<|im_end|>", "<|eot_id|>", "<|end_of_text|>", "<pad>"];

    /// <summary>The part of a response that is judged: after the last <c>&lt;|begin_of_solution|&gt;</c> and the last <c>&lt;/think&gt;</c>.</summary>
    public static string AnswerOf(string response)
    {
        var begin = response.LastIndexOf(SolutionBegin, StringComparison.Ordinal);
        if (begin >= 0) response = response[(begin + SolutionBegin.Length)..];
        return AnswerPart.AfterThinking(response);
    }

    /// <summary>The program of a response.</summary>
    /// <param name="response">The whole response.</param>
    /// <param name="asked">The language that the row asks for, or null.</param>
    /// <param name="function">The function that the tests call, or empty.</param>
    /// <param name="callsNames">Whether the tests call names of the program, so that a block without any cannot be meant.</param>
    public static CodeAnswer Find(string response, CodeLanguage? asked, string function, bool callsNames)
    {
        var text = WithoutEndTokens(AnswerOf(response));
        var blocks = Blocks(text);
        if (blocks.Count == 0) return new CodeAnswer(text.Contains("```", StringComparison.Ordinal) ? "" : text.Trim(), asked ?? CodeLanguage.Python, "");

        var chosen = blocks[0];
        var best = -1;
        foreach (var block in blocks)
        {
            var rank = Rank(block, asked, function, callsNames);
            if (rank >= best) (chosen, best) = (block, rank);
        }

        CodeLanguage? language = CodeLanguages.Find(chosen.Tag) ?? (CodeLanguages.IsForeign(chosen.Tag) ? null : asked ?? CodeLanguage.Python);
        return new CodeAnswer(chosen.Body, language, chosen.Tag);
    }

    private static int Rank(CodeBlock block, CodeLanguage? asked, string function, bool callsNames)
    {
        var language = CodeLanguages.Find(block.Tag);
        var kind = block switch
        {
            _ when string.IsNullOrWhiteSpace(block.Body) => 0,
            _ when language is not null && language == (asked ?? CodeLanguage.Python) => 5,
            _ when language is not null and not CodeLanguage.Bash => 4,
            _ when block.Tag.Length == 0 => LooksLikeProgram(block.Body) ? 4 : 2,
            _ when language is CodeLanguage.Bash => 3,
            _ when CodeLanguages.IsForeign(block.Tag) => 3,
            _ => 1,
        };
        var defines = function.Length > 0 && Defines(block.Body, function) ? 2 : callsNames && DefinesAnything(block.Body) ? 1 : 0;
        return (kind >= 4 ? 100 : 0) + defines * 20 + kind * 2 + (block.Closed ? 1 : 0);
    }

    private static bool LooksLikeProgram(string body) =>
        body.Contains('=') || body.Contains('(') || body.Contains("import ", StringComparison.Ordinal) || body.Contains('#');

    private static bool DefinesAnything(string body) =>
        body.Contains("def ", StringComparison.Ordinal) || body.Contains("class ", StringComparison.Ordinal) || body.Contains("lambda", StringComparison.Ordinal);

    private static bool Defines(string body, string function)
    {
        for (var at = body.IndexOf(function, StringComparison.Ordinal); at >= 0; at = body.IndexOf(function, at + 1, StringComparison.Ordinal))
        {
            var end = at + function.Length;
            var whole = (at == 0 || !IsNameCharacter(body[at - 1])) && (end == body.Length || !IsNameCharacter(body[end]));
            if (!whole) continue;
            var before = body.AsSpan(0, at).TrimEnd(' ');
            var after = body.AsSpan(end).TrimStart(' ');
            if (before.EndsWith("def") || before.EndsWith("class") || (after.StartsWith("=") && !after.StartsWith("=="))) return true;
        }

        return false;
    }

    private static bool IsNameCharacter(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static string WithoutEndTokens(string text)
    {
        for (var again = true; again;)
        {
            again = false;
            text = text.TrimEnd();
            foreach (var token in EndTokens)
            {
                if (!text.EndsWith(token, StringComparison.Ordinal)) continue;
                text = text[..^token.Length];
                again = true;
            }
        }

        return text;
    }

    /// <summary>All fenced blocks in order. Fences stand at the start of a line; where none does, fences within lines count.</summary>
    internal static List<CodeBlock> Blocks(string text)
    {
        var blocks = new List<CodeBlock>();
        var position = 0;
        var (open, openLength, indent, tag) = (-1, 0, 0, "");
        while (position < text.Length)
        {
            var end = text.IndexOf('\n', position);
            var next = end < 0 ? text.Length : end + 1;
            var line = text.AsSpan(position, (end < 0 ? text.Length : end) - position).TrimEnd();
            var content = line.TrimStart(" \t>");
            var ticks = content.Length - content.TrimStart('`').Length;
            if (ticks >= 3)
            {
                var rest = content[ticks..].Trim();
                if (open < 0 && !rest.Contains('`'))
                {
                    (open, openLength, indent, tag) = (next, ticks, line.Length - content.Length, FirstWord(rest));
                }
                else if (open >= 0 && ticks >= openLength && rest.Length == 0)
                {
                    blocks.Add(new CodeBlock(tag, Unindented(text[open..position], indent), Closed: true));
                    open = -1;
                }
            }

            position = next;
        }

        if (open >= 0 && open < text.Length) blocks.Add(Unclosed(text[open..], tag, indent));
        return blocks.Count > 0 ? blocks : BlocksWithinLines(text);
    }

    // The closing fence may stand at the end of the last line of code.
    private static CodeBlock Unclosed(string body, string tag, int indent)
    {
        var fence = body.IndexOf("```", StringComparison.Ordinal);
        return fence < 0
            ? new CodeBlock(tag, Unindented(body, indent), Closed: false)
            : new CodeBlock(tag, Unindented(body[..fence], indent), Closed: true);
    }

    private static List<CodeBlock> BlocksWithinLines(string text)
    {
        var blocks = new List<CodeBlock>();
        for (var at = text.IndexOf("```", StringComparison.Ordinal); at >= 0;)
        {
            var close = text.IndexOf("```", at + 3, StringComparison.Ordinal);
            if (close < 0) break;
            var body = text[(at + 3)..close];
            var blank = body.AsSpan().IndexOfAny(' ', '\n', '\t');
            var word = blank < 0 ? "" : body[..blank];
            var tagged = CodeLanguages.Find(word) is not null || CodeLanguages.IsForeign(word);
            blocks.Add(new CodeBlock(tagged ? word : "", tagged ? body[blank..].Trim() : body.Trim(), Closed: true));
            at = text.IndexOf("```", close + 3, StringComparison.Ordinal);
        }

        return blocks;
    }

    private static string FirstWord(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(" \t{:,");
        return (end < 0 ? text : text[..end]).ToString();
    }

    // A fence inside a list item is indented, and its lines with it.
    private static string Unindented(string body, int indent)
    {
        if (indent == 0) return body;
        var lines = body.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var blanks = 0;
            while (blanks < indent && blanks < lines[i].Length && lines[i][blanks] is ' ' or '\t' or '>') blanks++;
            lines[i] = lines[i][blanks..];
        }

        return string.Join('\n', lines);
    }
}
