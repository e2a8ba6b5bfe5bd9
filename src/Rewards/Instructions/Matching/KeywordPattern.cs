using System.Text.RegularExpressions;

namespace Fleet.Rewards.Instructions.Matching;

/// <summary>A keyword of an official instruction, which the checker uses as an unescaped regular expression.</summary>
/// <remarks>
/// Nearly all keywords are plain words; those, also with <c>.</c> for any character and with escaped punctuation, are matched by hand,
/// exactly as Python does. Others go to a non-backtracking expression. What that cannot take (look-around, back references), what is no
/// expression at all (<c>c++</c>) and what is longer than any keyword is read as plain text.
/// </remarks>
internal abstract class KeywordPattern
{
    private const int LongestExpression = 200;

    /// <summary>Reads a keyword whose case does not count.</summary>
    /// <param name="keyword">The expression as the ground truth has it.</param>
    /// <param name="wholeWord">Whether a word boundary is asked for at both ends.</param>
    public static KeywordPattern Of(string keyword, bool wholeWord = false) =>
        PlainPattern.Read(keyword, ignoreCase: true, wholeWord)
            ?? Expression(keyword, wholeWord ? $@"\b{keyword}\b" : keyword, RegexOptions.IgnoreCase)
            ?? PlainPattern.Literal(keyword, ignoreCase: true, wholeWord);

    /// <summary>A non-backtracking expression around a keyword; null when there can be none.</summary>
    public static KeywordPattern? Expression(string keyword, string pattern, RegexOptions options)
    {
        if (keyword.Length > LongestExpression) return null;
        try
        {
            // By itself first: a bracket left open in the keyword must not swallow what stands around it.
            _ = new Regex(keyword, RegexOptions.NonBacktracking);
            return new ExpressionPattern(new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | options));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Finds the first match that starts at or after an index; its start is -1 when there is none.</summary>
    public abstract (int Start, int Length) Find(string text, int from);

    /// <summary>How many matches there are, from left to right without overlap.</summary>
    public int Count(string text)
    {
        var count = 0;
        var from = 0;
        while (from <= text.Length)
        {
            var (start, length) = Find(text, from);
            if (start < 0) break;
            count++;
            from = start + Max(length, 1);
        }

        return count;
    }

    private sealed class ExpressionPattern(Regex expression) : KeywordPattern
    {
        public override (int Start, int Length) Find(string text, int from)
        {
            var match = expression.Match(text, from);
            return match.Success ? (match.Index, match.Length) : (-1, 0);
        }
    }
}
