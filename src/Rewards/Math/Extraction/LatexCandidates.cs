namespace Fleet.Rewards.Math.Extraction;

/// <summary>Formulas between delimiters and boxes, as the reference finds them.</summary>
internal static class LatexCandidates
{
    private const int MaxJoined = 6;

    public static void Collect(string text, int boxPriority, List<Candidate> candidates)
    {
        var formulas = Formulas.Find(text);
        Spaced(text, formulas);
        for (var i = 0; i < formulas.Count; i++)
        {
            var formula = formulas[i];
            var boxes = boxPriority >= 0 ? Boxes.Find(formula.Content) : [];
            var end = PercentEnd(text, formula.End);
            if (boxes.Count > 0)
            {
                var (joined, joinedEnd) = JoinedBoxes(text, formulas, i);
                candidates.Add(new Candidate(boxPriority, formula.Start, Max(end, joinedEnd), joined, end > formula.End));
            }

            var (content, last) = Joined(text, formulas, i);
            candidates.Add(new Candidate(Announced.Priority(text, formula.Start, last), formula.Start, Max(end, last), boxes.Count > 0 ? string.Join(", ", boxes.Select(b => b.Content)) : content, end > formula.End));
        }

        Fractions(text, candidates);
        if (boxPriority >= 0) Bare(text, boxPriority, candidates);
    }

    // A formula in square brackets between spaces, on one line, with no bracket inside.
    private static void Spaced(string text, List<Formula> formulas)
    {
        var added = 0;
        for (var i = text.IndexOf(" [", StringComparison.Ordinal); i >= 0; i = text.IndexOf(" [", i + 2, StringComparison.Ordinal))
        {
            var close = text.AsSpan(i + 2).IndexOfAny(']', '[', '\n');
            if (close < 0) break;
            var end = i + 2 + close;
            if (text[end] != ']' || end + 1 >= text.Length || text[end + 1] != ' ' || text[end - 1] == '\\') continue;
            if (added++ > 50) break;
            if (!formulas.Exists(f => f.Start <= i && f.End >= end)) formulas.Add(new Formula(i, end + 2, text[(i + 2)..end]));
        }

        formulas.Sort((a, b) => a.Start.CompareTo(b.Start));
    }

    private static int PercentEnd(string text, int at)
    {
        var rest = text.AsSpan(at);
        var start = rest.TrimStart(' ');
        foreach (var word in (ReadOnlySpan<string>)["\\%", "%", "percentage", "percent", "pct"])
        {
            if (start.StartsWith(word, StringComparison.OrdinalIgnoreCase)) return at + (rest.Length - start.Length) + word.Length;
        }

        return at;
    }

    // Formulas joined by commas and conjunctions are one list.
    private static (string Content, int End) Joined(string text, List<Formula> formulas, int first)
    {
        var last = first;
        while (last + 1 < formulas.Count && last - first < MaxJoined - 1 && IsJoin(text.AsSpan(formulas[last].End, Max(0, formulas[last + 1].Start - formulas[last].End)))) last++;
        return last == first
            ? (formulas[first].Content, formulas[first].End)
            : (string.Join(", ", formulas.Skip(first).Take(last - first + 1).Select(f => f.Content)), formulas[last].End);
    }

    private static (string Content, int End) JoinedBoxes(string text, List<Formula> formulas, int first)
    {
        var contents = new List<string>();
        var i = first;
        while (true)
        {
            contents.AddRange(Boxes.Find(formulas[i].Content).Select(b => b.Content));
            if (i + 1 >= formulas.Count || i - first >= MaxJoined - 1 || !IsJoin(text.AsSpan(formulas[i].End, Max(0, formulas[i + 1].Start - formulas[i].End))) || Boxes.Find(formulas[i + 1].Content).Count == 0) break;
            i++;
        }

        return (string.Join(", ", contents), formulas[i].End);
    }

    private static bool IsJoin(ReadOnlySpan<char> gap)
    {
        var word = gap.Trim();
        return word is "," or "and" or "or" or ", and" or ", or" or ",and";
    }

    private static void Fractions(string text, List<Candidate> candidates)
    {
        for (var i = text.IndexOf("\\frac{", StringComparison.Ordinal); i >= 0; i = text.IndexOf("\\frac{", i + 1, StringComparison.Ordinal))
        {
            var up = NumberEnd(text, i + 6);
            if (up == i + 6 || string.CompareOrdinal(text, up, "}{", 0, 2) != 0) continue;
            var down = NumberEnd(text, up + 2);
            if (down == up + 2 || down >= text.Length || text[down] != '}') continue;
            var start = i > 0 && text[i - 1] == '-' ? i - 1 : i;
            candidates.Add(new Candidate(Announced.Priority(text, start, down + 1), start, down + 1, text[start..(down + 1)]));
        }
    }

    private static int NumberEnd(string text, int at)
    {
        if (at < text.Length && text[at] == '-') at++;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] is '.' or ',')) at++;
        return at;
    }

    // The bare box reaches to the last brace of the text; its last box counts, with boxes close before it.
    private static void Bare(string text, int priority, List<Candidate> candidates)
    {
        var start = text.IndexOf("\\boxed", StringComparison.Ordinal);
        if (start < 0) return;
        var end = Max(start + 6, text.LastIndexOf('}') + 1);
        var boxes = Boxes.Find(text);
        if (boxes.Count == 0)
        {
            var open = text.IndexOf('{', start);
            if (open > 0) candidates.Add(new Candidate(priority, start, text.Length, text[(open + 1)..]));
            return;
        }

        var first = boxes.Count - 1;
        while (first > 0 && IsNear(text.AsSpan(boxes[first - 1].End, Max(0, boxes[first].Start - boxes[first - 1].End)))) first--;
        var contents = boxes.Skip(first).Select(b => b.Content).Distinct(StringComparer.Ordinal);
        var behind = PercentEnd(text, boxes[^1].End);
        candidates.Add(new Candidate(priority, start, end, string.Join(", ", contents), behind > boxes[^1].End));
    }

    private static bool IsNear(ReadOnlySpan<char> gap) =>
        gap.Length < 10 || (gap.Length < 70 && (gap.Contains("and", StringComparison.Ordinal) || gap.Contains("or", StringComparison.Ordinal) || gap.IndexOfAny(',', ';') >= 0));
}
