namespace Fleet.Rewards.Math.Extraction;

/// <summary>Answers that are announced: by a tag, by <c>####</c>, by "the answer is" and its kin in English and Chinese.</summary>
internal static class AnswerPhrase
{
    private static readonly string[] Behind = [" is", ":", " =", "**:", ":**", "\":", " to the question is", "：", "】"];

    private static readonly string[] Others = ["答案是", "答案为", "答案：", "答案:", "【答案】", "故选", "\nA:", "\nA：", "####"];

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
        while (from < text.Length && (char.IsWhiteSpace(text[from]) || text[from] is ':' or '：' or '*' or '"' or '=')) from++;
        if (from >= text.Length) return "";
        if (Formulas.At(text, from) is { } formula)
        {
            // A unit, a per cent sign or a further formula may follow; a sentence does not belong to the answer.
            return formula.Content;
        }

        var end = from;
        while (end < text.Length && text[end] != '\n' && end - from < 400 && !IsSentenceEnd(text, end)) end++;
        var sentence = text[from..end].Trim().Trim('*', '"').Trim();
        return Narrow(sentence);
    }

    private static bool IsSentenceEnd(string text, int at) =>
        text[at] is '。' or '<' && at + 1 < text.Length && char.IsAsciiLetter(text[at + 1]) || (text[at] == '.' && (at + 1 >= text.Length || char.IsWhiteSpace(text[at + 1]))) || (text[at] is '"' or ',' && at + 1 < text.Length && text[at + 1] == '\n');

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
