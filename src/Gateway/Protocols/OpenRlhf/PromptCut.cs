namespace Fleet.Gateway.Protocols.OpenRlhf;

/// <summary>Takes the prompt off a decoded sequence, and the special tokens off what is left.</summary>
/// <remarks>
/// The trainer decodes prompt and response together with their special tokens, after it may have cut the prompt at its
/// beginning; decoding may also have moved blanks.
/// Source: OpenRLHF/OpenRLHF openrlhf/utils/agent.py SingleTurnAgentExecutor.
/// </remarks>
internal static class PromptCut
{
    // A shorter agreement of the prompt's end with the sequence's beginning is chance.
    private const int ShortestOverlap = 16;

    /// <summary>The response of a sequence; null when its prompt is not in front of it.</summary>
    public static string? Response(string query, string? prompt)
    {
        if (string.IsNullOrEmpty(prompt)) return SpecialTokens.CutEnd(query);
        var end = End(query, prompt);
        return end < 0 ? null : SpecialTokens.CutEnd(query[end..]);
    }

    private static int End(string query, string prompt)
    {
        if (query.StartsWith(prompt, StringComparison.Ordinal)) return prompt.Length;
        if (EndIgnoringBlanks(query, 0, prompt) is var plain and >= 0) return plain;
        if (EndIgnoringBlanks(query, SpecialTokens.LeadingLength(query), prompt[SpecialTokens.LeadingLength(prompt)..]) is var bare and >= 0) return bare;
        return Overlap(prompt, query) is var overlap and >= ShortestOverlap ? overlap : -1;
    }

    private static int EndIgnoringBlanks(string query, int start, string prompt)
    {
        var at = start;
        foreach (var c in prompt)
        {
            if (char.IsWhiteSpace(c)) continue;
            while (at < query.Length && char.IsWhiteSpace(query[at])) at++;
            if (at >= query.Length || query[at] != c) return -1;
            at++;
        }

        return at;
    }

    // The longest end of the prompt that is a beginning of the sequence, in one pass over both (Knuth, Morris, Pratt).
    private static int Overlap(string prompt, string query)
    {
        var length = Math.Min(prompt.Length, query.Length);
        var fallback = new int[length];
        for (int i = 1, matched = 0; i < length; i++)
        {
            while (matched > 0 && query[i] != query[matched]) matched = fallback[matched - 1];
            if (query[i] == query[matched]) matched++;
            fallback[i] = matched;
        }

        var overlap = 0;
        foreach (var c in prompt.AsSpan(prompt.Length - length))
        {
            while (overlap > 0 && (overlap == length || query[overlap] != c)) overlap = fallback[overlap - 1];
            if (length > 0 && query[overlap] == c) overlap++;
        }

        return overlap;
    }
}
