using System.Buffers;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Choice;

/// <summary>The option that a text without a box states as its answer, and the kind of statement that said so.</summary>
/// <param name="Letter">The letter, A to Z.</param>
/// <param name="Form">The kind of statement.</param>
/// <param name="At">Where the statement starts, in UTF-16 units of the judged text.</param>
internal readonly record struct StatedOption(char Letter, string Form, int At)
{
    private const int SentenceWindow = 120;
    private const int Window = 512;
    private const int LongestMarker = 7;

    private static readonly SearchValues<string> Markers =
        SearchValues.Create(["answer", "option", "choice", "correct", @"\boxed", @"\fbox"], StringComparison.OrdinalIgnoreCase);

    private static readonly string[] Links = ["is", "are", "would be", "should be", "must be", "will be", "was"];

    /// <summary>Finds the answer that a text states.</summary>
    /// <remarks>
    /// The last statement counts: <c>the answer is C</c>, <c>Answer: C</c>, <c>option C is correct</c>, a box that the strict
    /// reading does not know (<c>\boxed {C}</c>, <c>\boxed{C</c>, <c>\fbox{C}</c>), a last sentence that decides (<c>I choose C.</c>). Where there is none, a last line or a whole
    /// text that is one option, then an option that the text opens with (<c>C. Carbon</c>). A capital of an ordinary
    /// sentence is no answer.
    /// </remarks>
    public static StatedOption? Find(ReadOnlySpan<char> text)
    {
        var closing = ClosingOption.Find(text, out var sentence) is { } decided ? new StatedOption(decided, "closing", sentence) : (StatedOption?)null;

        // The last statement counts and most often ends the text, so the search goes window by window from there.
        for (var end = text.Length; end > 0; end -= Window)
        {
            var start = Max(0, end - Window);
            if (LastIn(text, start, end) is { } stated) return closing is { } later && later.At > stated.At ? later : stated;
        }

        return LastLine(text) ?? closing ?? OpeningOption(text);
    }

    // The last statement whose marker starts in a window.
    private static StatedOption? LastIn(ReadOnlySpan<char> text, int start, int end)
    {
        StatedOption? last = null;
        var searched = text[..Min(text.Length, end + LongestMarker - 1)];
        for (var at = start; at < end;)
        {
            var found = searched[at..].IndexOfAny(Markers);
            if (found < 0) break;
            at += found;
            if (at >= end) break;
            last = AtMarker(text, at, out var length) ?? last;
            at += length;
        }

        return LastChinese(text, Max(start, last?.At ?? 0), end) ?? last;
    }

    private static StatedOption? AtMarker(ReadOnlySpan<char> text, int at, out int length)
    {
        switch (text[at])
        {
            case '\\':
                // The markers are found in any case; LaTeX knows these two in small letters only.
                length = text[at + 1] is 'f' or 'F' ? @"\fbox".Length : @"\boxed".Length;
                if (!text[at..].StartsWith(length == @"\fbox".Length ? @"\fbox" : @"\boxed")) return null;
                return OptionToken.Read(text[(at + length)..], out _) is { } boxed ? new(boxed, "loose_box", at) : null;

            case 'c' or 'C' when text[at + 1] is 'o' or 'O':
                length = "correct".Length;
                return Before(text, at);

            default:
                length = "answer".Length;
                return Behind(text, at, length) ?? (text[at] is 'a' or 'A' ? Before(text, at) : null);
        }
    }

    // "answer is C", "Answer: C", "the best option is (C)", "answer choice is C".
    private static StatedOption? Behind(ReadOnlySpan<char> text, int at, int length)
    {
        var rest = text[(at + length)..];
        var start = SkipLabel(rest);
        if (start == 0) return null;

        rest = rest[start..];
        if (IsRepeated(rest)) return null;
        if (OptionToken.Read(rest, out _) is { } letter) return new(letter, "statement", at);
        return InSentence(rest) is { } named ? new(named, "statement", at) : null;
    }

    // "Answer: Answer: Answer: C": the last of them states it, and is looked at by itself.
    private static bool IsRepeated(ReadOnlySpan<char> text)
    {
        text = text[SkipBlanks(text, 0)..];
        return text.StartsWith("answer", StringComparison.OrdinalIgnoreCase) && SkipLabel(text["answer".Length..]) > 0;
    }

    // The length of what links "answer" to its letter; 0 when nothing does and the word is only mentioned.
    private static int SkipLabel(ReadOnlySpan<char> text)
    {
        var at = SkipBlanks(text, 0);
        foreach (var word in (ReadOnlySpan<string>)["choice", "option", "letter", "key"])
        {
            if (!text[at..].StartsWith(word, StringComparison.OrdinalIgnoreCase)) continue;
            at = SkipBlanks(text, at + word.Length);
            break;
        }

        if (at < text.Length && text[at] is ':' or '=' or '\n' or '\r' or '\uff1a') return at + 1;
        foreach (var link in Links)
        {
            if (text[at..].StartsWith(link, StringComparison.OrdinalIgnoreCase)) return at + link.Length;
        }

        return 0;
    }

    // "the answer is 14 m/s, which is (C)": a letter in brackets, or one called an option, in the same sentence.
    private static char? InSentence(ReadOnlySpan<char> text)
    {
        text = text[..Min(text.Length, SentenceWindow)];
        var end = text.IndexOf('\n');
        if (end >= 0) text = text[..end];
        end = text.IndexOf(". ");
        if (end >= 0) text = text[..end];
        if (text.Contains(" not ", StringComparison.OrdinalIgnoreCase)) return null;

        for (var i = 0; i + 2 < text.Length; i++)
        {
            if (text[i] == '(' && text[i + 2] == ')' && char.IsAsciiLetterUpper(text[i + 1]) && (i == 0 || !char.IsLetterOrDigit(text[i - 1]))) return text[i + 1];
        }

        var option = text.IndexOf("option ", StringComparison.OrdinalIgnoreCase);
        return option >= 0 ? OptionToken.Read(text[option..], out _) : null;
    }

    // "option C is correct", "(C) is the correct answer", "C is the answer".
    private static StatedOption? Before(ReadOnlySpan<char> text, int at)
    {
        var before = text[Max(0, at - SentenceWindow)..at].TrimEnd();
        foreach (var word in (ReadOnlySpan<string>)["correct", "right", "best", "final", "the"])
        {
            if (before.EndsWith(word, StringComparison.OrdinalIgnoreCase)) before = before[..^word.Length].TrimEnd();
        }

        if (!before.EndsWith(" is", StringComparison.OrdinalIgnoreCase)) return null;
        before = before[..^3].TrimEnd(" \t*_$)]}\"'`");
        if (before.Length == 0 || !char.IsAsciiLetterUpper(before[^1])) return null;

        var letter = before[^1];
        before = before[..^1];
        if (before.Length > 0 && (char.IsLetterOrDigit(before[^1]) || before[^1] is '-' or '\'' or '=' or '+')) return null;
        before = before.TrimEnd(" \t*_$([{\"'`");
        var condition = before[(before.LastIndexOf(' ') + 1)..];
        if (condition.Equals("if", StringComparison.OrdinalIgnoreCase) || condition.Equals("whether", StringComparison.OrdinalIgnoreCase)) return null;
        return new(letter, "called_correct", at);
    }

    private static StatedOption? LastChinese(ReadOnlySpan<char> text, int start, int end)
    {
        while (end > start)
        {
            var at = text[start..end].LastIndexOfAny('\u6848', '\u9009');
            if (at < 0) return null;
            at += start;
            var isAnswer = text[at] == '\u9009' || (at > 0 && text[at - 1] == '\u7b54');
            var rest = text[(at + 1)..Min(text.Length, at + SentenceWindow)].TrimStart("\u5e94\u8be5\u662f\u4e3a\u9009\u9879\uff1a: ");
            if (isAnswer && OptionToken.Read(rest, out _) is { } letter) return new(letter, "statement", at);
            end = at;
        }

        return null;
    }

    private static StatedOption? LastLine(ReadOnlySpan<char> text)
    {
        var body = PythonText.Strip(text);
        var start = body.LastIndexOf('\n') + 1;
        var line = body[start..];
        return line.Length <= SentenceWindow && OptionToken.Read(line, out var length) is { } letter && !line[length..].ContainsAnyInRange('0', '\uffff')
            ? new(letter, "last_line", start)
            : null;
    }

    // "(a) First ..." numbers a step; only a capital opens an answer.
    private static StatedOption? OpeningOption(ReadOnlySpan<char> text)
    {
        if (OptionToken.Read(text, out var length) is not { } letter) return null;
        var rest = text[length..].TrimStart("*_$`\"'");
        if (char.IsLower(text[length - 1]) && rest.Length > 1) return null;
        if (rest.Length > 0 && rest[0] is not ('.' or ':' or ')' or ']' or '}' or '\uff1a' or '\uff09' or '\u3001' or '\uff0e')) return null;
        return ListsOptions(rest, letter) ? null : new(letter, "opening", 0);
    }

    // A text that opens with one option and has further lines that open with others repeats the question.
    private static bool ListsOptions(ReadOnlySpan<char> text, char first)
    {
        foreach (var line in text.EnumerateLines())
        {
            var body = line.TrimStart(" \t*(");
            if (body.Length > 1 && body[1] is '.' or ')' or ':' && char.IsAsciiLetterUpper(body[0]) && body[0] != first) return true;
        }

        return false;
    }

    private static int SkipBlanks(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '*' or '_' or '"' or '`') at++;
        return at;
    }
}
