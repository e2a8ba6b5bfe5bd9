using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Matching;

/// <summary>Spans between two marks on one line, such as <c>[...]</c>, <c>&lt;&lt;...&gt;&gt;</c> and <c>*...*</c>.</summary>
/// <remarks>
/// Each is one pass: once no closing mark is left on a line, no opening mark on it can match either. A backtracking regular expression
/// looks for it again from every opening mark, which takes minutes on a text of nothing but opening marks.
/// </remarks>
internal static class MarkedSpans
{
    private const int None = int.MaxValue;

    /// <summary>How many matches the lazy pattern <c>open(.*?)close</c> has.</summary>
    /// <param name="text">The text; a span never goes past a line feed.</param>
    /// <param name="open">The opening mark.</param>
    /// <param name="close">The closing mark.</param>
    /// <param name="needsContent">Whether a span whose content is blank is left out.</param>
    public static int CountShortest(ReadOnlySpan<char> text, string open, string close, bool needsContent = false)
    {
        var count = 0;
        var at = 0;
        var line = -1;
        var end = -1;
        while (true)
        {
            var start = IndexFrom(text, open, at);
            if (start == None) return count;

            // The next line feed and the next closing mark are looked for again only once they are passed.
            start += open.Length;
            if (line < start) line = IndexFrom(text, "\n", start);
            if (end < start) end = IndexFrom(text, close, start);
            if (end == None) return count;
            if (end > line)
            {
                at = line + 1;
                continue;
            }

            if (!needsContent || !PythonText.IsBlank(text[start..end])) count++;
            at = end + close.Length;
        }
    }

    /// <summary>
    /// Counts the highlights as the official checker does: non-blank <c>*...*</c> spans without a star or line feed inside, and once more
    /// the non-blank <c>**...**</c> ones.
    /// </summary>
    public static int CountHighlights(ReadOnlySpan<char> text) => CountStarSpans(text, 1) + CountStarSpans(text, 2);

    private static int CountStarSpans(ReadOnlySpan<char> text, int stars)
    {
        var mark = stars == 1 ? "*" : "**";
        var count = 0;
        var from = 0;
        while (from < text.Length)
        {
            var start = text[from..].IndexOf(mark);
            if (start < 0) break;
            start += from + stars;

            var stop = text[start..].IndexOfAny('*', '\n');
            if (stop < 0) break;
            stop += start;
            if (text[stop..].StartsWith(mark))
            {
                if (!PythonText.IsBlank(text[start..stop])) count++;
                from = stop + stars;
            }
            else
            {
                // The next match may start one star later than this one did.
                from = start - stars + 1;
            }
        }

        return count;
    }

    private static int IndexFrom(ReadOnlySpan<char> text, string part, int from) =>
        text[from..].IndexOf(part) is >= 0 and var at ? from + at : None;
}
