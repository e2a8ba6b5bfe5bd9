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
        while (first > 0 && JoinedBy(text.AsSpan(boxes[first - 1].End, boxes[first].Start - boxes[first - 1].End), allBoxes) && (allBoxes || !NameOthers(boxes[first - 1].Content, boxes[first].Content))) first--;

        // An empty box names no other answer: "put it in \boxed{}: \boxed{7}".
        var joined = boxes.GetRange(first, last - first + 1).FindAll(b => b.Start == boxes[last].Start || !string.IsNullOrWhiteSpace(b.Content));
        context.Explain("box", $"{boxes.Count} complete box(es); the last holds: {Clip(boxes[last].Content)}");
        if (joined.TrueForAll(b => Same(b.Content, boxes[last].Content))) return new Extracted(boxes[last].Content, "box");
        if (allBoxes) return new Extracted(string.Join(", ", joined.Select(b => b.Content)), "box");
        context.Explain("box", "The boxes beside it hold other answers, so none is the answer.");
        return new Extracted(null, "boxes_disagree");
    }

    // "x = 50" and "y = 16" answer two questions.
    private static bool NameOthers(string a, string b) =>
        a.IndexOf('=', StringComparison.Ordinal) is var x and > 0 && b.IndexOf('=', StringComparison.Ordinal) is var y and > 0 && !a.AsSpan(0, x).Trim().SequenceEqual(b.AsSpan(0, y).Trim());

    private static bool Same(string a, string b) =>
        a.Length == b.Length ? a == b : a.Replace(" ", "", StringComparison.Ordinal) == b.Replace(" ", "", StringComparison.Ordinal);

    // Boxes with nothing but separators, marks of lists and words of choice between them stand side by side; "and" joins the answers of two questions.
    private static bool JoinedBy(ReadOnlySpan<char> gap, bool conjunctions)
    {
        if (gap.Length > 40) return false;
        for (var i = 0; i < gap.Length; i++)
        {
            if (Word(gap[i..], conjunctions) is var length and > 0) i += length - 1;
            else if (!char.IsWhiteSpace(gap[i]) && !Separators.Contains(gap[i])) return false;
        }

        return true;
    }

    private static readonly System.Buffers.SearchValues<char> Separators = System.Buffers.SearchValues.Create("$\\()[]{}*~,;/|.:-+&，；、。•0123456789");

    private static readonly string[] Choices = ["\\quad", "\\qquad", "\\text", "or", "maybe", "perhaps", "possibly", "either", "else", "alternatively", "或者", "或"];

    private static int Word(ReadOnlySpan<char> text, bool conjunctions)
    {
        foreach (var word in Choices)
        {
            if (text.StartsWith(word, StringComparison.OrdinalIgnoreCase)) return word.Length;
        }

        return !conjunctions ? 0 : text.StartsWith("and") ? 3 : text.StartsWith("和") || text.StartsWith("与") ? 1 : 0;
    }

    private static string Clip(string text) => text.Length <= 80 ? text : text[..80] + "...";
}
