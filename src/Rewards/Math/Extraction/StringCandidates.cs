namespace Fleet.Rewards.Math.Extraction;

/// <summary>Given strings, such as letters of choices, where they stand as words.</summary>
internal static class StringCandidates
{
    public static void Collect(string text, ExtractionSettings settings, List<Candidate> candidates)
    {
        var comparison = settings.Lowercase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        foreach (var wanted in settings.Strings)
        {
            if (wanted.Length == 0) continue;
            for (var at = text.IndexOf(wanted, comparison); at >= 0; at = text.IndexOf(wanted, at + 1, comparison))
            {
                var end = at + wanted.Length;
                if (!IsWord(text, at, end)) continue;
                var priority = Announced.Priority(text, at, end);
                if (priority == 300 && at == 0) priority = 250;
                var found = text[at..end];
                candidates.Add(new Candidate(priority, at, end, settings.Lowercase ? found.ToLowerInvariant() : found, IsString: true));
            }
        }
    }

    private static bool IsWord(string text, int start, int end)
    {
        while (start > 0 && text[start - 1] == '*') start--;
        while (end < text.Length && text[end] == '*') end++;
        return (start == 0 || char.IsWhiteSpace(text[start - 1])) && (end >= text.Length || text[end] is '.' or ',' or ':' || char.IsWhiteSpace(text[end]));
    }
}
