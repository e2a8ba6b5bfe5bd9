namespace Fleet.Rewards.Math.Extraction;

/// <summary>Answers that are announced: by a tag, by <c>####</c>, by "the answer is" and its kin in English and Chinese.</summary>
internal static class AnswerPhrase
{
    private static readonly string[] Behind = [" is", ":", " =", "**:", ":**", "\":", " to the question is", "：", "】"];

    private static readonly string[] Others = ["答案是", "答案为", "答案：", "答案:", "【答案】", "故选", "应选", "选项是", "option is", "choice is", "\nA:", "\nA：", "####"];

    /// <summary>The announced answer's text, or null. The last announcement counts.</summary>
    public static string? Find(string text)
    {
        if (Tagged(text) is { } tagged) return tagged;
        var (best, behind) = LastAnswer(text);
        foreach (var announcement in Others)
        {
            var at = text.LastIndexOf(announcement, StringComparison.Ordinal);
            if (at > best) (best, behind) = (at, at + announcement.Length);
        }

        if (best < 0) return null;
        var answer = Announced(text, behind);
        return answer.Length == 0 ? null : answer;
    }

    // The last "answer", in any letter case, with a word or sign behind it that announces.
    private static (int At, int Behind) LastAnswer(string text)
    {
        for (var end = text.Length; end > 0;)
        {
            var at = text.AsSpan(0, end).LastIndexOfAny('s', 'S');
            if (at < 0) break;
            end = at;
            if (at < 2 || string.Compare(text, at - 2, "answer", 0, 6, StringComparison.OrdinalIgnoreCase) != 0) continue;
            foreach (var mark in Behind)
            {
                if (string.Compare(text, at + 4, mark, 0, mark.Length, StringComparison.OrdinalIgnoreCase) == 0) return (at - 2, at + 4 + mark.Length);
            }
        }

        return (-1, 0);
    }

    private static string? Tagged(string text)
    {
        var close = text.LastIndexOf("</answer>", StringComparison.Ordinal);
        if (close < 0) return null;
        var open = text.LastIndexOf("<answer>", close, StringComparison.Ordinal);
        return open < 0 ? null : text[(open + 8)..close].Trim();
    }

    // From here to the end of the formula, the sentence or the line.
    private static string Announced(string text, int from)
    {
        var quoted = false;
        for (; from < text.Length && (char.IsWhiteSpace(text[from]) || text[from] is ':' or '：' or '*' or '"' or '='); from++) quoted |= text[from] == '"';
        if (from >= text.Length) return "";

        // Formulas joined by "and" or "or" are one answer; a sentence behind them does not belong to it.
        if (Formulas.At(text, from) is { } formula) return Joined.After(text, formula);
        if (quoted && text.IndexOf('"', from) is var quote && quote > from && text.IndexOf('\n', from, quote - from) < 0) return text[from..quote];

        // A bare number in a JSON object ends at its comma.
        if (from > 1 && text[from - 1] is ' ' or ':' && text.AsSpan(0, from).TrimEnd(" :").EndsWith("\"") && text.AsSpan(from).IndexOfAny(",}\n") is var stop and > 0 && text[from + stop] != '\n') return text.Substring(from, stop).Trim();
        var end = from;
        while (end < text.Length && text[end] != '\n' && end - from < 400 && !IsSentenceEnd(text, end)) end++;
        var sentence = text[from..end].Trim().Trim('*', '"').Trim();
        return Narrow(sentence);
    }

    private static bool IsSentenceEnd(string text, int at) =>
        text[at] is '。' or '}' && IsLast(text, at) || text[at] is '<' && at + 1 < text.Length && char.IsAsciiLetter(text[at + 1]) || (text[at] == '.' && (at + 1 >= text.Length || char.IsWhiteSpace(text[at + 1]))) || (text[at] is '"' or ',' && at + 1 < text.Length && text[at + 1] == '\n');

    // A brace that closes nothing ends a JSON object.
    private static bool IsLast(string text, int at) => text.AsSpan(at + 1).Trim().Length == 0 && text.AsSpan(0, at).LastIndexOf('{') is var open && (open < 0 || text.AsSpan(open + 1, at - open - 1).TrimStart().StartsWith("\""));

    // A whole sentence holds its answer in its last formula or number; a short text is the answer.
    private static string Narrow(string sentence)
    {
        var words = 0;
        foreach (var word in sentence.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.Length > 2 && word.AsSpan().IndexOfAnyExceptInRange('A', 'z') < 0 && !word.Contains('\\')) words++;
        }

        return words <= 2 ? sentence : LastFormula.Find(sentence) ?? sentence;
    }
}
