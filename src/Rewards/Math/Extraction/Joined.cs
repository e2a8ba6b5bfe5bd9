namespace Fleet.Rewards.Math.Extraction;

/// <summary>Formulas and numbers that commas and conjunctions join to one answer.</summary>
internal static class Joined
{
    private const int Max = 12;

    /// <summary>The formula with those that follow and belong to it.</summary>
    public static string After(string text, Formula formula)
    {
        var contents = new List<string> { formula.Content };
        while (contents.Count < Max && GapEnd(text, formula.End) is var next and > 0 && next < text.Length)
        {
            if (Formulas.At(text, next) is not { } further) break;
            contents.Add(further.Content);
            formula = further;
        }

        return string.Join(", ", contents);
    }

    /// <summary>The last formula with those before it that belong to it.</summary>
    public static string Before(string text, List<Formula> formulas)
    {
        var first = formulas.Count - 1;
        while (first > 0 && formulas.Count - first < Max && GapEnd(text, formulas[first - 1].End) == formulas[first].Start) first--;
        return string.Join(", ", formulas.Skip(first).Select(f => f.Content));
    }

    /// <summary>Where numbers begin that a conjunction joins to the number which starts here: "4, 5 or 6".</summary>
    public static int NumbersStart(string text, int start)
    {
        var from = start;
        var conjunction = false;
        while (true)
        {
            var gap = text.AsSpan(0, from).TrimEnd(' ');
            var comma = gap.EndsWith(",");
            if (gap.EndsWith(" or") || gap.EndsWith(" and"))
            {
                gap = gap[..^(gap.EndsWith("or") ? 3 : 4)].TrimEnd(' ');
                comma = gap.EndsWith(",");
                conjunction = true;
            }
            else if (!comma || !conjunction) return from;

            if (comma) gap = gap[..^1].TrimEnd(' ');
            var number = gap.Length;
            while (number > 0 && (char.IsAsciiDigit(gap[number - 1]) || (gap[number - 1] is '.' or '/' && number > 1 && char.IsAsciiDigit(gap[number - 2])))) number--;
            if (number == gap.Length || !char.IsAsciiDigit(gap[^1])) return from;
            if (number > 0 && gap[number - 1] == '-') number--;
            if (number > 0 && !char.IsWhiteSpace(gap[number - 1])) return from;
            from = number;
        }
    }

    // Where the next formula may begin behind a comma or a conjunction; 0 when anything else follows.
    private static int GapEnd(string text, int from)
    {
        var at = SkipSpaces(text, from);
        var joined = false;
        if (at < text.Length && text[at] is ',' or '，' or '、')
        {
            at = SkipSpaces(text, at + 1);
            joined = true;
        }

        foreach (var word in (ReadOnlySpan<string>)["and ", "or ", "和", "或"])
        {
            if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0) continue;
            at = SkipSpaces(text, at + word.Length);
            joined = true;
            break;
        }

        return joined ? at : 0;
    }

    private static int SkipSpaces(string text, int at)
    {
        while (at < text.Length && text[at] == ' ') at++;
        return at;
    }
}
