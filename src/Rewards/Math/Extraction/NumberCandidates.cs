namespace Fleet.Rewards.Math.Extraction;

/// <summary>Plain numbers and arithmetic outside of LaTeX, as the reference finds them.</summary>
internal static class NumberCandidates
{
    private static readonly System.Buffers.SearchValues<char> Operators = System.Buffers.SearchValues.Create("+-*×/^÷");

    public static void Collect(string text, List<Candidate> candidates)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!MayStart(text, i)) continue;
            var start = i;
            while (start < text.Length && (text[start] is '*' or '$' or '€' or '£' or '(')) start++;
            if (start >= text.Length || !(char.IsAsciiDigit(text[start]) || (text[start] is '-' or '.' && start + 1 < text.Length && (char.IsAsciiDigit(text[start + 1]) || text[start + 1] == '.')))) continue;
            var end = Arithmetic(text, start);
            if (end > start) candidates.Add(new Candidate(Announced.Priority(text, i, end), start, end, text[start..end]));
            var number = Number(text, start, out var content);
            if (number > start)
            {
                var percent = Percent(text, number);
                candidates.Add(new Candidate(Announced.Priority(text, i, number), i, Max(number, percent), content, percent > number));
                i = Max(i, number - 1);
            }
        }
    }

    private static bool MayStart(string text, int at) => at == 0 || char.IsWhiteSpace(text[at - 1]) || text[at - 1] == '=';

    // A run of digits and signs with at least one operator, that ends like a word.
    private static int Arithmetic(string text, int start)
    {
        var end = start;
        var operators = false;
        var digit = false;
        while (end < text.Length && end - start < 200 && (char.IsAsciiDigit(text[end]) || text[end] is '.' or ' ' or '+' or '-' or '*' or '×' or '/' or '^' or '(' or ')' or '÷'))
        {
            digit |= char.IsAsciiDigit(text[end]);
            operators |= digit && text[end] is '+' or '-' or '*' or '×' or '/' or '^' or '÷' && end > start;
            end++;
        }

        while (end > start && text[end - 1] is ' ' or '.' or '+' or '-' or '*' or '/' or '(' or '×' or '÷' or '^') end--;
        if (!operators || end <= start || text.AsSpan(start, end - start).IndexOfAny(Operators) < 0) return start;
        return end >= text.Length || text[end] is '.' or ',' or ':' or ' ' or ')' or '$' or '\n' or '*' ? end : start;
    }

    // "1,234.5", "1 234.5", "12,5", ".5", "12".
    private static int Number(string text, int start, out string content)
    {
        var at = start;
        if (text[at] == '-') at++;
        var digits = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        var whole = text[start..at];
        var grouped = false;
        while (at - digits is >= 1 && (grouped || (at - digits <= 3 && text[digits] != '0')) && at + 3 < text.Length + 0 && text[at] is ',' or ' ' && Three(text, at + 1))
        {
            whole += text.Substring(at + 1, 3);
            at += 4;
            grouped = true;
        }

        if (at + 1 < text.Length && (text[at] == '.' || (text[at] == ',' && !grouped)) && char.IsAsciiDigit(text[at + 1]))
        {
            var point = at++;
            while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
            content = $"{whole}.{text[(point + 1)..at]}";
            return at;
        }

        content = whole;
        return at == digits ? start : at;
    }

    private static bool Three(string text, int at)
    {
        for (var i = at; i < at + 3; i++)
        {
            if (i >= text.Length || !char.IsAsciiDigit(text[i])) return false;
        }

        return at + 3 >= text.Length || !char.IsAsciiDigit(text[at + 3]);
    }

    private static int Percent(string text, int at)
    {
        var rest = text.AsSpan(at);
        var start = rest.TrimStart(' ');
        foreach (var word in (ReadOnlySpan<string>)["\\%", "%", "percentage", "percent", "pct"])
        {
            if (start.StartsWith(word, StringComparison.OrdinalIgnoreCase)) return at + rest.Length - start.Length + word.Length;
        }

        return at;
    }
}
