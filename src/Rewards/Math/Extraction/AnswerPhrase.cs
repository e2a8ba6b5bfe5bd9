namespace Fleet.Rewards.Math.Extraction;

/// <summary>Answers that are announced: by a tag, by <c>####</c>, by "the answer is" and its kin in English and Chinese.</summary>
internal static class AnswerPhrase
{
    private static readonly string[] Announcements = ["answer is", "answer:", "answer =", "answer**:", "answer:**", "answer\":", "answer to the question is", "答案是", "答案为", "答案：", "答案:", "【答案】", "故选", "\nA:", "\nA：", "####"];

    /// <summary>The announced answer's text, or null. The last announcement counts.</summary>
    public static string? Find(string text)
    {
        if (Tagged(text) is { } tagged) return tagged;
        var best = -1;
        var behind = 0;
        foreach (var announcement in Announcements)
        {
            var at = text.LastIndexOf(announcement, announcement[0] is >= 'a' and <= 'z' ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
            if (at > best)
            {
                best = at;
                behind = at + announcement.Length;
            }
        }

        if (best < 0) return null;
        var answer = Announced(text, behind);
        return answer.Length == 0 ? null : answer;
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
