using Fleet.Rewards.Text;

namespace Fleet.Rewards.Math.Extraction;

/// <summary>The answer of a response: the last box, else what "the answer is" announces, else the last formula or number.</summary>
internal static class ResponseAnswer
{
    /// <summary>Where a response without a box is searched: its end, in UTF-16 units.</summary>
    private const int TailLength = 40_000;

    /// <summary>Extracts the answer.</summary>
    /// <param name="response">The whole response.</param>
    /// <param name="boxRequired">Whether only a box counts.</param>
    /// <param name="allBoxes">Whether boxes that stand side by side are one list.</param>
    /// <param name="context">Where the steps are explained, and whose budget is spent.</param>
    public static Extracted Extract(string response, bool boxRequired, bool allBoxes, ScoringContext context)
    {
        context.Budget.Spend(response.Length / 4);
        var text = AnswerPart.WithoutSpecialTokens(response);
        var part = AnswerPart.AfterThinking(text);
        if (part.Length < text.Length) context.Explain("think", "Everything up to the last </think> is left out.");

        var extracted = FromBoxes(part, allBoxes, context);
        if (extracted.How == "none" && part.Length < text.Length) extracted = FromBoxes(text, allBoxes, context);
        if (extracted.How != "none" || boxRequired) return extracted;
        if (part.Length > TailLength) part = part[^TailLength..];
        if (AnswerPhrase.Find(part) is { } phrase)
        {
            context.Explain("phrase", $"No box; an announced answer: {Clip(phrase)}");
            return new Extracted(phrase, "phrase");
        }

        if (part.LastIndexOf("\\boxed{", StringComparison.Ordinal) is var open and >= 0)
        {
            context.Explain("box", "The last box is never closed; the rest of the text is taken for its content.");
            return new Extracted(part[(open + 7)..], "open_box");
        }

        if (LastFormula.Find(part) is { } last)
        {
            context.Explain("last_formula", $"Neither box nor announcement; the last formula or number: {Clip(last)}");
            return new Extracted(last, "last_formula");
        }

        context.Explain("none", "There is no box, no announced answer, no formula and no number.");
        return Extracted.None;
    }

    private static Extracted FromBoxes(string text, bool allBoxes, ScoringContext context)
    {
        var boxes = Boxes.Find(text);
        if (boxes.Count == 0) return Extracted.None;
        var last = boxes.Count - 1;
        var first = last;
        while (first > 0 && JoinedBy(text.AsSpan(boxes[first - 1].End, boxes[first].Start - boxes[first - 1].End), allBoxes)) first--;
        var joined = boxes.GetRange(first, last - first + 1);
        context.Explain("box", $"{boxes.Count} complete box(es); the last holds: {Clip(boxes[last].Content)}");
        if (joined.TrueForAll(b => Same(b.Content, boxes[last].Content))) return new Extracted(boxes[last].Content, "box");
        if (allBoxes) return new Extracted(string.Join(", ", joined.Select(b => b.Content)), "box");
        context.Explain("box", "The boxes beside it hold other answers, so none is the answer.");
        return new Extracted(null, "boxes_disagree");
    }

    private static bool Same(string a, string b) =>
        a.Length == b.Length ? a == b : a.Replace(" ", "", StringComparison.Ordinal) == b.Replace(" ", "", StringComparison.Ordinal);

    // Boxes with nothing but separators between them are a list; "and" joins the answers of two questions.
    private static bool JoinedBy(ReadOnlySpan<char> gap, bool conjunctions)
    {
        if (gap.Length > 40) return false;
        var separated = false;
        for (var i = 0; i < gap.Length; i++)
        {
            var c = gap[i];
            if (c is ',' or ';' or '/' or '|' or '，' or '；' or '、') separated = true;
            else if (gap[i..].StartsWith("or") || gap[i..].StartsWith("或"))
            {
                separated = true;
                i += gap[i] == 'o' ? 1 : 0;
            }
            else if (conjunctions && gap[i..].StartsWith("and"))
            {
                separated = true;
                i += 2;
            }
            else if (gap[i..].StartsWith("\\quad") || gap[i..].StartsWith("\\text")) i += 4;
            else if (!char.IsWhiteSpace(c) && c is not ('$' or '\\' or '(' or ')' or '[' or ']' or '{' or '}' or '*')) return false;
        }

        return separated;
    }

    private static string Clip(string text) => text.Length <= 80 ? text : text[..80] + "...";
}
