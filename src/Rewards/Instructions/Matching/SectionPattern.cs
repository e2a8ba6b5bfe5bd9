using System.Text.RegularExpressions;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Matching;

/// <summary>Section headings: a splitter such as <c>Section</c>, then a number, a blank on each side of either or not.</summary>
/// <remarks>The official pattern is <c>\s?SPLITTER\s?\d+\s?</c>, the splitter an unescaped expression whose case counts.</remarks>
internal sealed class SectionPattern
{
    private readonly KeywordPattern? _expression;
    private readonly PlainPattern _plain;

    /// <summary>Reads a splitter.</summary>
    public SectionPattern(string splitter)
    {
        if (PlainPattern.Read(splitter, ignoreCase: false) is { } plain)
        {
            _plain = plain;
            return;
        }

        _expression = KeywordPattern.Expression(splitter, $@"\s?{splitter}\s?\d+\s?", RegexOptions.None);
        _plain = PlainPattern.Literal(splitter, ignoreCase: false);
    }

    /// <summary>How many headings there are.</summary>
    public int Count(string text)
    {
        if (_expression is not null) return _expression.Count(text);

        var count = 0;
        var at = 0;
        while (at < text.Length)
        {
            // As the expression does: a blank in front is taken when there is one, and done without when that fails.
            var end = PythonText.IsWhiteSpace(text[at]) ? EndOfHeading(text, at + 1) : -1;
            if (end < 0) end = EndOfHeading(text, at);
            if (end < 0) at++;
            else
            {
                count++;
                at = end;
            }
        }

        return count;
    }

    private int EndOfHeading(string text, int start)
    {
        var at = _plain.EndOfMatch(text, start);
        if (at < 0) return -1;
        if (at < text.Length && PythonText.IsWhiteSpace(text[at])) at++;
        if (at >= text.Length || !PythonWord.IsDigitAt(text, at)) return -1;
        while (at < text.Length && PythonWord.IsDigitAt(text, at)) at++;
        return at < text.Length && PythonText.IsWhiteSpace(text[at]) ? at + 1 : at;
    }
}
