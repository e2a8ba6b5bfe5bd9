using System.Buffers;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Sentences;

/// <summary>Cuts a line into Punkt's tokens: words with their periods, and the other punctuation on its own.</summary>
internal static class PunktTokenizer
{
    private static readonly SearchValues<char> NotAtWordStart = SearchValues.Create("(\"`{[:;&#*@)}]-,");
    private static readonly SearchValues<char> NotInWord = SearchValues.Create(")\";}]*:@'({[!?");

    /// <summary>Whether this character stands on its own wherever it is.</summary>
    public static bool IsNonWord(char c) => NotInWord.Contains(c);

    /// <summary>The next token of the line.</summary>
    /// <param name="line">Text without line feeds.</param>
    /// <param name="at">Where to look on; moves behind the token.</param>
    /// <param name="token">The token; empty when there is none left.</param>
    public static bool TryNext(ReadOnlySpan<char> line, scoped ref int at, out ReadOnlySpan<char> token)
    {
        while (at < line.Length && PythonText.IsWhiteSpace(line[at])) at++;
        token = [];
        if (at >= line.Length) return false;

        var start = at;
        var several = SeveralAt(line, at);
        if (several > 0) at += several;
        else if (NotAtWordStart.Contains(line[at])) at++;
        else
        {
            do at++;
            while (!EndsWord(line, at));
        }

        token = line[start..at];
        return true;
    }

    private static bool EndsWord(ReadOnlySpan<char> line, int at)
    {
        if (IsBreak(line, at)) return true;
        return line[at] == ',' && IsBreak(line, at + 1);
    }

    private static bool IsBreak(ReadOnlySpan<char> line, int at) =>
        at >= line.Length || PythonText.IsWhiteSpace(line[at]) || IsNonWord(line[at]) || (line[at] is '-' or '.' && SeveralAt(line, at) > 0);

    // The length of what starts here and is a run of dashes, a run of periods, or three or more periods with single blanks between.
    private static int SeveralAt(ReadOnlySpan<char> line, int at)
    {
        var c = line[at];
        if (c is not ('-' or '.') || at + 1 >= line.Length) return 0;
        if (line[at + 1] == c)
        {
            var end = line[at..].IndexOfAnyExcept(c);
            return end < 0 ? line.Length - at : end;
        }

        if (c == '-') return 0;
        var length = 1;
        while (at + length + 1 < line.Length && PythonText.IsWhiteSpace(line[at + length]) && line[at + length + 1] == '.') length += 2;
        return length >= 5 ? length : 0;
    }
}
