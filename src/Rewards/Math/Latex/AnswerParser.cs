using Fleet.Rewards.Math.Expressions;

namespace Fleet.Rewards.Math.Latex;

/// <summary>What came of parsing an answer.</summary>
/// <param name="Source">The answer as it was parsed: signs plain, boxes opened, punctuation at the ends gone.</param>
/// <param name="Value">The canonical tree; null when the answer is only text.</param>
/// <param name="TooLarge">Whether the answer was left as text because it is too long or too deep.</param>
internal sealed record ParsedAnswer(string Source, Expr? Value, bool TooLarge)
{
    /// <summary>The canonical form; null when the answer is only text.</summary>
    public string? Form => Value?.Form;
}

/// <summary>Reads a whole answer: a formula, else a sentence with formulas in it, else nothing but text.</summary>
internal static class AnswerParser
{
    /// <summary>UTF-16 units of an answer that is parsed; a longer one is only compared as text.</summary>
    public const int MaxLength = 20_000;

    private static readonly string[] LeadIns = ["approximately", "approx", "about", "the final answer is", "the answer is", "final answer", "answer is", "answer", "therefore", "thus", "hence", "so", "then", "simply", "exactly", "equal to", "we get", "we have", "答案是", "答案为", "答案"];

    /// <summary>Parses an answer. Never throws but for a spent budget.</summary>
    public static ParsedAnswer Parse(string answer, WorkBudget budget)
    {
        if (answer.Length > MaxLength)
        {
            budget.Spend(answer.Length / 16);
            return new ParsedAnswer(answer.Trim(), null, true);
        }

        if (PlainInteger(answer) is { } integer) return integer;
        var source = Repetend.Rewrite(WithoutLeadIn(Clean(PlainSigns.Rewrite(answer))));
        if (source.Length == 0) return new ParsedAnswer(source, null, false);
        if (NumberWords.Of(source) is { } number) return new ParsedAnswer(source, number, false);
        if (ClockText.Parse(source) is { } time) return new ParsedAnswer(source, Canonical.Of(time, budget), false);
        if (DateText.Parse(source) is { } date) return new ParsedAnswer(source, date, false);
        if (source.Contains(':')) source = source.Replace("p.m", "PM", StringComparison.OrdinalIgnoreCase).Replace("a.m", "AM", StringComparison.OrdinalIgnoreCase);
        var raw = ExpressionParser.Parse(source, budget, out var tooDeep) ?? (tooDeep ? null : PhraseParser.Parse(source, budget));
        if (raw is Phrase { Parts: [Number antecedent, TextValue { Text: "to" }, Number consequent] }) raw = new Ratio([antecedent, consequent]);
        return new ParsedAnswer(source, raw is null ? null : Canonical.Of(raw, budget), tooDeep);
    }

    // Most answers are plain integers: these need no grammar.
    private static ParsedAnswer? PlainInteger(string answer)
    {
        if (answer.Length is 0 or > 9 || answer.AsSpan().ContainsAnyExceptInRange('0', '9')) return null;
        return new ParsedAnswer(answer, NumberScanner.Parse(answer), false);
    }

    /// <summary>Without the white space, dollar signs and punctuation that surround an answer.</summary>
    public static string Clean(string text)
    {
        var span = text.AsSpan();
        while (true)
        {
            var before = span.Length;
            span = Undollared(span.Trim());
            span = span.TrimStart(":;, ");
            if (span is [.., '.' or ',' or ';' or ':' or '\\'] && !span.EndsWith("\\,") && !span.EndsWith("\\;") && !span.EndsWith("...")) span = span[..^1];
            if (span.EndsWith("\\;") || span.EndsWith("\\,") || span.EndsWith("\\!") || span.EndsWith("\\ ")) span = span[..^2];
            if (span.StartsWith("\\[") && span.EndsWith("\\]") || span.StartsWith("\\(") && span.EndsWith("\\)"))
            {
                if (span.Length >= 4) span = span[2..^2];
            }

            if (span is ['*', '*', .., '*', '*'] && span.Length > 4) span = span[2..^2];
            if (span.Length == before) break;
        }

        // Dollar signs inside separate formulas from each other; the tokenizer takes them for nothing.
        return span.Length == text.Length ? text : span.ToString();
    }

    // "approximately 5", "\text{The answer is } 5".
    private static string WithoutLeadIn(string source)
    {
        var start = source.StartsWith("\\text{", StringComparison.Ordinal) ? 6 : 0;
        foreach (var lead in LeadIns)
        {
            if (string.Compare(source, start, lead, 0, lead.Length, StringComparison.OrdinalIgnoreCase) != 0) continue;
            var end = start + lead.Length;
            if (end >= source.Length || char.IsLetterOrDigit(source[end])) continue;
            while (end < source.Length && source[end] is ' ' or ':' or '.' or '~' or ',') end++;
            if (start > 0)
            {
                if (end >= source.Length || source[end] != '}') continue;
                end++;
            }

            var rest = Clean(source[end..]);
            if (rest.Length > 0) return rest;
        }

        return source;
    }

    // Dollar signs are taken off where they enclose the whole answer, or stand without a partner.
    private static ReadOnlySpan<char> Undollared(ReadOnlySpan<char> span)
    {
        var signs = 0;
        for (var i = 0; i < span.Length; i++)
        {
            if (span[i] == '\\') i++;
            else if (span[i] == '$') signs++;
        }

        if (signs == 0 || (signs & 1) == 0 && signs > (span.StartsWith("$$") ? 4 : 2)) return span;
        if (signs % 2 == 0 && !(span[0] == '$' && span[^1] == '$')) return span;
        return span.Trim('$');
    }
}
