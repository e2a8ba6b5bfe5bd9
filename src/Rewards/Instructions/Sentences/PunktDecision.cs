namespace Fleet.Rewards.Instructions.Sentences;

/// <summary>Decides whether a sentence ends within a word, its mark and what follows.</summary>
internal static class PunktDecision
{
    /// <summary>Whether a token other than the last ends a sentence.</summary>
    public static bool HasBreak(ReadOnlySpan<char> context)
    {
        var hasFirst = false;
        var first = default(PunktToken);
        foreach (var range in context.Split('\n'))
        {
            var line = context[range];
            var at = 0;
            while (PunktTokenizer.TryNext(line, ref at, out var text))
            {
                var second = new PunktToken(text);
                if (hasFirst && BreaksBefore(ref first, ref second)) return true;
                first = second;
                hasFirst = true;
            }
        }

        return false;
    }

    // The second pass: what the next token says of a token that ends with a period.
    private static bool BreaksBefore(ref PunktToken token, ref PunktToken next)
    {
        if (!token.EndsWithPeriod) return token.BreaksSentence;

        var type = token.TypeWithoutPeriod;
        var nextType = next.TypeWithoutSentencePeriod;
        if (EnglishPunkt.Collocations.Contains((type, nextType))) return false;

        var isInitial = token.IsInitial;
        if ((token.IsAbbreviation || token.IsEllipsis) && !isInitial)
        {
            if (StartsSentence(ref next, nextType) == true) return true;
            if (next.StartsUpper && EnglishPunkt.Starters.Contains(nextType)) return true;
        }

        if (isInitial || type == EnglishPunkt.Number)
        {
            var starts = StartsSentence(ref next, nextType);
            if (starts == false) return false;

            // An initial before a name, as in J. Bach.
            if (starts is null && isInitial && next.StartsUpper && !WordCases.IsSeenLower(nextType)) return false;
        }

        return token.BreaksSentence;
    }

    // Whether the case in which a word is written tells that a sentence starts with it; null when it does not tell.
    private static bool? StartsSentence(ref PunktToken token, string type)
    {
        if (token.Text is ";" or ":" or "," or "." or "!" or "?") return false;
        if (token.StartsUpper && WordCases.IsCapitalOnlyAtStart(type)) return true;
        return token.StartsLower ? false : null;
    }
}
