namespace Fleet.Rewards.Math.Extraction;

/// <summary>The last formula or number of a text.</summary>
internal static class LastFormula
{
    public static string? Find(string text)
    {
        var formulas = Formulas.Find(text);
        var formula = formulas.Count > 0 ? formulas[^1] : default;
        var number = Number(text, formula.End);
        return number ?? (formulas.Count > 0 ? formula.Content : null);
    }

    // The last number behind a position, with the signs that belong to it.
    private static string? Number(string text, int from)
    {
        for (var end = text.Length; end > from;)
        {
            var digit = text.AsSpan(from, end - from).LastIndexOfAnyInRange('0', '9');
            if (digit < 0) return null;
            var last = from + digit + 1;
            var start = last;
            while (start > from && (char.IsAsciiDigit(text[start - 1]) || text[start - 1] is '.' or ',' or '/' or '^' && start - 1 > from && char.IsAsciiDigit(text[start - 2]))) start--;
            if (start > from && text[start - 1] == '-' && (start - 1 == from || !char.IsLetterOrDigit(text[start - 2]))) start--;
            var before = start > from ? text[start - 1] : ' ';
            if (!char.IsAsciiLetter(before) && before is not ('_' or '#')) return Percent(text, last) ? text[start..last] + "\\%" : text[start..last];
            end = start;
        }

        return null;
    }

    private static bool Percent(string text, int at) => at < text.Length && text[at] == '%';
}
