using System.Buffers;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Sentences;

/// <summary>Cuts an English text into sentences as NLTK's Punkt tokenizer does.</summary>
/// <remarks>
/// Each <c>.</c>, <c>?</c> or <c>!</c> that is followed by blank space or other punctuation may end a sentence; whether it does is decided
/// from the word that it ends and the one after it. Closing quotes and brackets after the mark go with the sentence that it ends.
/// Linear: a character takes part in at most two decisions.
/// Source: Kiss and Strunk (2006); the order of the rules is that of NLTK 3.8, nltk/tokenize/punkt.py.
/// Differs: NLTK also has a table of which words were seen in which case; here a list counted over other books stands for it.
/// </remarks>
internal static class SentenceSplitter
{
    // The blank space that NLTK looks back for: string.whitespace, ASCII alone.
    private static readonly SearchValues<char> AsciiBlank = SearchValues.Create(" \t\n\r\v\f");

    private static readonly SearchValues<char> Closers = SearchValues.Create("\"')]}");

    /// <summary>How many sentences the text has.</summary>
    public static int Count(string text) => Split(text).Count;

    /// <summary>Where the sentences are.</summary>
    public static List<Range> Split(string text) => Realign(text, Slices(text));

    // The sentences before closing punctuation is moved: their starts and ends.
    private static List<(int Start, int End)> Slices(string text)
    {
        var slices = new List<(int, int)>();
        var start = 0;
        Candidate? pending = null;
        var wordStart = 0;
        var wordEnd = 0;
        for (var mark = NextMark(text, 0); mark >= 0; mark = NextMark(text, mark + 1))
        {
            if (!TryFollow(text, mark, out var next, out var followEnd)) continue;

            // The word before the mark reaches back to the last blank, and over earlier marks that no blank parts from this one.
            var blank = text.AsSpan(wordEnd, mark - wordEnd).LastIndexOfAny(AsciiBlank);
            var from = blank > 0 ? wordEnd + blank + 1 : wordStart;
            if (pending is { } candidate && wordEnd <= from) Decide(text, candidate, slices, ref start);
            pending = new Candidate(from, mark, next, followEnd);
            wordStart = from;
            wordEnd = mark;
        }

        if (pending is { } last) Decide(text, last, slices, ref start);

        slices.Add((start, PythonText.TrimmedLength(text)));
        return slices;
    }

    private static void Decide(string text, Candidate candidate, List<(int, int)> slices, ref int start)
    {
        if (!PunktDecision.HasBreak(text.AsSpan(candidate.WordStart, candidate.FollowEnd - candidate.WordStart))) return;
        slices.Add((start, candidate.Mark + 1));
        start = candidate.Next;
    }

    private static int NextMark(string text, int from) => text.AsSpan(from).IndexOfAny('.', '?', '!') is >= 0 and var at ? from + at : -1;

    // What comes after a mark: other punctuation at once, or blank space and a token. Next is where a new sentence would start.
    private static bool TryFollow(string text, int mark, out int next, out int end)
    {
        next = end = mark + 1;
        if (next >= text.Length) return false;
        if (PunktTokenizer.IsNonWord(text[next]))
        {
            end = next + 1;
            return true;
        }

        while (next < text.Length && PythonText.IsWhiteSpace(text[next])) next++;
        if (next == mark + 1 || next >= text.Length) return false;
        end = next;
        while (end < text.Length && !PythonText.IsWhiteSpace(text[end])) end++;
        return true;
    }

    // Closing quotes and brackets at the start of a sentence belong to the one before.
    private static List<Range> Realign(string text, List<(int Start, int End)> slices)
    {
        var sentences = new List<Range>(slices.Count);
        var moved = 0;
        for (var i = 0; i < slices.Count; i++)
        {
            var start = slices[i].Start + moved;
            var end = slices[i].End;
            if (i + 1 < slices.Count && ClosersAt(text, slices[i + 1], out var closers) is > 0 and var taken)
            {
                sentences.Add(Min(start, slices[i + 1].Start + closers)..(slices[i + 1].Start + closers));
                moved = taken;
                continue;
            }

            moved = 0;
            if (start < end) sentences.Add(start..end);
        }

        return sentences;
    }

    // How much goes to the sentence before: the closers, when blank space, two dashes or the end follow; the blank space goes with them.
    private static int ClosersAt(string text, (int Start, int End) slice, out int closers)
    {
        closers = 0;
        if (slice.Start >= slice.End) return 0;
        var sentence = text.AsSpan(slice.Start, slice.End - slice.Start);
        closers = sentence.IndexOfAnyExcept(Closers);
        if (closers < 0) return closers = sentence.Length;
        if (closers == 0) return 0;

        var rest = sentence[closers..];
        var blank = 0;
        while (blank < rest.Length && PythonText.IsWhiteSpace(rest[blank])) blank++;
        return blank > 0 || rest.StartsWith("--") ? closers + blank : 0;
    }

    private readonly record struct Candidate(int WordStart, int Mark, int Next, int FollowEnd);
}
