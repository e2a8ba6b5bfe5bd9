using Fleet.Rewards.Math.Expressions;

namespace Fleet.Rewards.Math.Latex;

/// <summary>Sentences: words, and between dollar signs formulas, most of which must parse.</summary>
internal static class PhraseParser
{
    private const int MaxParts = 400;
    private const string BrokenMark = "#";

    private static readonly string[] LeadIns = ["the final answer is", "the answer is", "final answer is", "final answer", "answer is", "answer", "solution is", "the solution is", "solutions are", "solution"];

    public static Expr? Parse(string source, WorkBudget budget)
    {
        var parts = new List<Expr>();
        var prose = new System.Text.StringBuilder();
        var at = 0;
        while (at < source.Length)
        {
            budget.Spend();
            if (parts.Count > MaxParts) return null;
            if (Formula(source, at) is var (start, end, next) && next > 0)
            {
                if (!Flush(prose, parts)) return null;
                var content = AnswerParser.Clean(source[start..end]);
                if (content.Length > 0)
                {
                    parts.Add(FormulaOrToken(content, budget));
                }

                at = next;
                continue;
            }

            prose.Append(source[at++]);
        }

        if (!Flush(prose, parts)) return null;

        // A sentence whose formulas are broken for the most part is nothing but text.
        var broken = parts.Count(p => p is Symbol { Name: var name } && name.StartsWith(BrokenMark, StringComparison.Ordinal));
        return broken > 0 && broken >= parts.Count(p => p is not TextValue) - broken ? null : Shape(parts);

        bool Flush(System.Text.StringBuilder words, List<Expr> into)
        {
            var ok = AddWords(words.ToString(), into, budget);
            words.Clear();
            return ok;
        }
    }

    // A formula that does not parse, such as half of a bracket, stands for its own text without spaces.
    private static Expr FormulaOrToken(string content, WorkBudget budget) => ExpressionParser.Parse(content, budget, out _)
        ?? new Symbol(BrokenMark + string.Concat(content.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)));

    private static Expr? Shape(List<Expr> parts)
    {
        if (parts is [TextValue lead, ..] && parts.Count > 1 && Array.Exists(LeadIns, l => l == lead.Text)) parts.RemoveAt(0);
        return parts.Count switch { 0 => null, 1 => parts[0], _ => new Phrase([.. parts]) };
    }

    // A formula between its delimiters that starts here; the third number is 0 when none does.
    private static (int Start, int End, int Next) Formula(string text, int at)
    {
        if (text[at] == '$')
        {
            var length = at + 1 < text.Length && text[at + 1] == '$' ? 2 : 1;
            var close = text.IndexOf(length == 2 ? "$$" : "$", at + length, StringComparison.Ordinal);
            return close < 0 ? (0, 0, 0) : (at + length, close, close + length);
        }

        if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] is '(' or '[')
        {
            var close = text.IndexOf(text[at + 1] == '(' ? "\\)" : "\\]", at + 2, StringComparison.Ordinal);
            return close < 0 ? (0, 0, 0) : (at + 2, close, close + 2);
        }

        return (0, 0, 0);
    }

    // Prose outside of dollar signs: words, and chunks with digits or signs that must parse as formulas of their own.
    private static bool AddWords(string prose, List<Expr> parts, WorkBudget budget)
    {
        foreach (var (text, isWord) in Chunks(prose))
        {
            budget.Spend();
            if (isWord)
            {
                var word = Words.Normalise(text);
                if (word.Length == 0) continue;
                if (parts is [.., TextValue before]) parts[^1] = new TextValue($"{before.Text} {word}");
                else parts.Add(new TextValue(word));
                continue;
            }

            var content = AnswerParser.Clean(text);
            if (content.Length == 0 || content.Trim(',', ';', ' ', '-', '.', '!', '(', ')').Length == 0) continue;
            parts.Add(FormulaOrToken(content, budget));
        }

        return true;
    }

    private static IEnumerable<(string Text, bool IsWord)> Chunks(string prose)
    {
        var at = 0;
        var formula = new System.Text.StringBuilder();
        while (at < prose.Length)
        {
            string chunk;
            bool isWord;
            if (prose[at] == '\\' && TextGroup(prose, at) is var (start, end) && end > 0)
            {
                chunk = prose[start..end];
                isWord = true;
                at = end + 1;
            }
            else
            {
                var stop = at;
                while (stop < prose.Length && !char.IsWhiteSpace(prose[stop]) && (prose[stop] != '\\' || stop == at || TextGroup(prose, stop).End == 0)) stop++;
                if (stop == at) stop++;
                chunk = prose[at..stop];
                isWord = IsWord(chunk);
                at = stop;
            }

            if (!isWord)
            {
                formula.Append(chunk);
                if (string.IsNullOrWhiteSpace(chunk)) continue;
                continue;
            }

            if (formula.Length > 0 && !string.IsNullOrWhiteSpace(formula.ToString())) yield return (formula.ToString(), false);
            formula.Clear();
            yield return (chunk, true);
        }

        if (!string.IsNullOrWhiteSpace(formula.ToString())) yield return (formula.ToString(), false);
    }

    private static (int Start, int End) TextGroup(string text, int at)
    {
        foreach (var command in (ReadOnlySpan<string>)["\\text{", "\\textbf{", "\\mathrm{", "\\mbox{", "\\textit{"])
        {
            if (string.CompareOrdinal(text, at, command, 0, command.Length) != 0) continue;
            var close = text.IndexOf('}', at);
            return close < 0 ? (0, 0) : (at + command.Length, close);
        }

        return (0, 0);
    }

    private static bool IsWord(string chunk)
    {
        var letters = 0;
        foreach (var c in chunk)
        {
            if (char.IsLetter(c)) letters++;
            else if (c is not ('\'' or '.' or ',' or ';' or ':' or '-' or '?' or '!' or '"' or '(' or ')' or '`')) return false;
        }

        return letters > 1 || chunk is "a" or "A" or "I";
    }
}
