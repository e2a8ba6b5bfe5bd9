namespace Fleet.Rewards.Math.Extraction;

/// <summary>One complete box: where it stands and what it holds.</summary>
/// <param name="Start">Where <c>\boxed</c> begins, in UTF-16 units.</param>
/// <param name="End">Behind the closing brace.</param>
/// <param name="Content">What is between the braces.</param>
internal readonly record struct Box(int Start, int End, string Content);

/// <summary>Finds boxes in one pass over the text, escaped braces looked through.</summary>
internal static class Boxes
{
    private const string Boxed = "\\boxed";
    private const string Framed = "\\fbox";

    /// <summary>The complete boxes that stand in no other complete box, in order.</summary>
    public static List<Box> Find(string text)
    {
        if (!text.Contains(Boxed, StringComparison.Ordinal) && !text.Contains(Framed, StringComparison.Ordinal)) return [];

        // Contents are cut out at the end, when the inner boxes are gone: boxes may be nested deep.
        var boxes = new List<(int Start, int From, int To, int End)>();

        // Each open brace with where its box begins; -1 for any other brace.
        var open = new Stack<(int Box, int Content, bool Escaped)>();
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' when BareNumber(text, i) is var (from, to) && to > from:
                    Close(boxes, (i, from, to, to));
                    i = to - 1;
                    break;
                case '\\' when BoxBrace(text, i) is var brace and > 0:
                    var escaped = text[brace] == '\\';
                    i = escaped ? brace + 1 : brace;
                    open.Push((BoxStart(text, brace), i + 1, escaped));
                    break;
                case '\\' when i + 1 < text.Length && text[i + 1] == '}' && open.TryPeek(out var top) && top.Escaped:
                    open.Pop();
                    Close(boxes, (top.Box, top.Content, i, i + 2));
                    i++;
                    break;
                case '\\' when i + 1 < text.Length && BoxBrace(text, i + 1) > 0: break;
                case '\\': i++; break;
                case '{': open.Push((-1, 0, false)); break;
                case '}' when open.TryPeek(out var top) && !top.Escaped:
                    open.Pop();
                    if (top.Box >= 0) Close(boxes, (top.Box, top.Content, i, i + 1));
                    break;
            }
        }

        return [.. boxes.Select(b => new Box(b.Start, b.End, text[b.From..b.To]))];
    }

    private static void Close(List<(int Start, int From, int To, int End)> boxes, (int Start, int From, int To, int End) box)
    {
        while (boxes.Count > 0 && boxes[^1].Start > box.Start) boxes.RemoveAt(boxes.Count - 1);
        boxes.Add(box);
    }

    // The brace, perhaps escaped, that opens the box which begins here; 0 when none does.
    private static int BoxBrace(string text, int at)
    {
        var name = string.CompareOrdinal(text, at, Boxed, 0, Boxed.Length) == 0 ? Boxed : string.CompareOrdinal(text, at, Framed, 0, Framed.Length) == 0 ? Framed : null;
        if (name is null) return 0;
        var brace = at + name.Length;
        while (brace < text.Length && text[brace] == ' ') brace++;
        if (brace >= text.Length) return 0;
        return text[brace] == '{' || (text[brace] == '\\' && brace + 1 < text.Length && text[brace + 1] == '{') ? brace : 0;
    }

    // "\boxed 12" without braces holds the number.
    private static (int From, int To) BareNumber(string text, int at)
    {
        if (string.CompareOrdinal(text, at, Boxed, 0, Boxed.Length) != 0) return default;
        var from = at + Boxed.Length;
        while (from < text.Length && text[from] == ' ') from++;
        var to = from;
        while (to < text.Length && (char.IsAsciiDigit(text[to]) || (text[to] == '.' && to + 1 < text.Length && char.IsAsciiDigit(text[to + 1])))) to++;
        return (from, to);
    }

    private static int BoxStart(string text, int brace) => text.LastIndexOf('\\', brace - 1);
}
