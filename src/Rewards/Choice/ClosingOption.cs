namespace Fleet.Rewards.Choice;

/// <summary>The option that the last sentence of a text decides for in words of its own: <c>I choose option b</c>, <c>So it's C.</c>, <c>My pick: D</c>.</summary>
/// <remarks>
/// A letter counts only right behind a word of decision. A sentence that asks, denies, or decides for two options decides for none.
/// </remarks>
internal static class ClosingOption
{
    private const int Longest = 240;

    // What must be a decision, whatever follows the letter.
    private static readonly string[] Names = ["option", "choice", "letter"];

    // What is a decision when the letter ends the sentence or gives a reason.
    private static readonly string[] Decisions =
    [
        "choose", "choosing", "chose", "pick", "picking", "select", "selecting", "say", "go with", "going with", "went with", "opt for", "vote for", "settle on", "guess",
        "must be", "would be", "should be", "has to be", "it's", "it\u2019s", "it is", "that's", "that\u2019s", "that is", "conclude",
    ];

    private static readonly string[] Denials = [" not ", "n't ", "n\u2019t ", " nor ", " neither ", "wrong", "incorrect", "unlikely", "rule out", "eliminate"];

    private static readonly string[] Reasons = ["because", "since", "as ", "is right", "is correct", "is the"];

    /// <summary>Finds it.</summary>
    /// <param name="text">The judged text.</param>
    /// <param name="start">Where the last sentence starts.</param>
    /// <returns>The letter in upper case; null when the sentence decides for none or for several.</returns>
    public static char? Find(ReadOnlySpan<char> text, out int start)
    {
        var sentence = LastSentence(text, out start);
        if (sentence.Length is 0 or > Longest || sentence[^1] is '?' or '\uff1f') return null;
        foreach (var denial in Denials)
        {
            if (sentence.Contains(denial, StringComparison.OrdinalIgnoreCase)) return null;
        }

        char? decided = null;
        foreach (var (cues, isName) in (ReadOnlySpan<(string[], bool)>)[(Names, true), (Decisions, false)])
        {
            foreach (var cue in cues)
            {
                for (var at = 0; Next(sentence, cue, at) is >= 0 and var found; at = found + cue.Length)
                {
                    if (Behind(sentence[(found + cue.Length)..], isName) is not { } letter) continue;
                    if (decided is { } other && other != letter) return null;
                    decided = letter;
                }
            }
        }

        return decided;
    }

    private static ReadOnlySpan<char> LastSentence(ReadOnlySpan<char> text, out int start)
    {
        var end = text.Length;
        while (end > 0 && (char.IsWhiteSpace(text[end - 1]) || text[end - 1] is '*' or '_' or '"' or '`' or '$' or '\u201d')) end--;
        start = end;
        while (start > 0 && end - start <= Longest)
        {
            var before = text[start - 1];
            if (before is '\n' or '\r' || (start < end && before is '.' or '!' or '?' or ';' && char.IsWhiteSpace(text[start]))) break;
            start--;
        }

        return text[start..end];
    }

    private static int Next(ReadOnlySpan<char> sentence, string cue, int from)
    {
        while (sentence[from..].IndexOf(cue, StringComparison.OrdinalIgnoreCase) is >= 0 and var found)
        {
            var at = from + found;
            if ((at == 0 || !char.IsLetter(sentence[at - 1])) && (at + cue.Length == sentence.Length || !char.IsLetter(sentence[at + cue.Length]))) return at;
            from = at + 1;
        }

        return -1;
    }

    private static char? Behind(ReadOnlySpan<char> rest, bool isName)
    {
        if (OptionToken.Read(rest, out var length) is not { } letter) return null;
        var after = rest[length..].TrimStart(" \t*_$)]}\"'`\u201d\u2019");
        if (after.Length == 0 || after[0] is '.' or ',' or ';' or '!' or ':' or '\u2014' or '-') return letter;
        if (isName && (rest[length - 1] is not ('a' or 'A' or 'i' or 'I') || rest[..(length - 1)].ContainsAny("([{"))) return letter;
        foreach (var reason in Reasons)
        {
            if (after.StartsWith(reason, StringComparison.OrdinalIgnoreCase)) return letter;
        }

        return null;
    }
}
