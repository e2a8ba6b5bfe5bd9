namespace Fleet.Rewards.Math.Extraction;

/// <summary>A formula between its delimiters.</summary>
/// <param name="Start">Where the opening delimiter begins, in UTF-16 units.</param>
/// <param name="End">Behind the closing delimiter.</param>
/// <param name="Content">What is between.</param>
internal readonly record struct Formula(int Start, int End, string Content);

/// <summary>Finds formulas: <c>$$..$$</c>, <c>\[..\]</c>, <c>$..$</c>, <c>\(..\)</c>.</summary>
internal static class Formulas
{
    /// <summary>All formulas in order. One pass: a delimiter without its partner is looked for once only.</summary>
    public static List<Formula> Find(string text)
    {
        var formulas = new List<Formula>();
        var missing = new Missing();
        for (var i = 0; i < text.Length;)
        {
            var next = text.AsSpan(i).IndexOfAny('$', '\\');
            if (next < 0) break;
            i += next;
            if (At(text, i, ref missing) is { } formula)
            {
                formulas.Add(formula);
                i = formula.End;
            }
            else i += text[i] == '\\' && i + 1 < text.Length ? 2 : 1;
        }

        return formulas;
    }

    /// <summary>The formula whose opening delimiter stands here, or null.</summary>
    public static Formula? At(string text, int at)
    {
        var missing = new Missing();
        return At(text, at, ref missing);
    }

    private struct Missing
    {
        public bool Square;
        public bool DoubleDollar;
        public int NoRoundBefore;
    }

    private static Formula? At(string text, int at, ref Missing missing)
    {
        if (text[at] == '$')
        {
            if (at > 0 && text[at - 1] == '\\') return null;
            if (at + 1 < text.Length && text[at + 1] == '$')
            {
                if (missing.DoubleDollar) return null;
                var end = text.IndexOf("$$", at + 2, StringComparison.Ordinal);
                missing.DoubleDollar = end < 0;
                return end < 0 ? null : new Formula(at, end + 2, text[(at + 2)..end]);
            }

            // On one line, and not closed by an escaped sign.
            for (var i = at + 1; i < text.Length && text[i] != '\n'; i++)
            {
                if (text[i] == '\\') i++;
                else if (text[i] == '$') return i == at + 1 ? null : new Formula(at, i + 1, text[(at + 1)..i]);
            }

            return null;
        }

        if (text[at] != '\\' || at + 1 >= text.Length) return null;
        if (text[at + 1] == '[')
        {
            if (missing.Square) return null;
            var end = text.IndexOf("\\]", at + 2, StringComparison.Ordinal);
            missing.Square = end < 0;
            return end < 0 ? null : new Formula(at, end + 2, text[(at + 2)..end]);
        }

        if (text[at + 1] == '(')
        {
            if (at < missing.NoRoundBefore) return null;
            var i = at + 2;
            for (; i + 1 < text.Length && text[i] != '\n'; i++)
            {
                if (text[i] == '\\' && text[i + 1] == ')') return new Formula(at, i + 2, text[(at + 2)..i]);
            }

            missing.NoRoundBefore = i;
        }

        return null;
    }
}
