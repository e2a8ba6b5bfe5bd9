using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Matching;

/// <summary>Bullet points as the official checker counts them.</summary>
/// <remarks>
/// The patterns are <c>^\s*\*[^\*].*$</c> and <c>^\s*-.*$</c> over lines. Their blank space may span lines, and what follows a star may be the
/// line feed, which then takes the next line along.
/// </remarks>
internal static class Bullets
{
    /// <summary>How many bullet points of either kind there are.</summary>
    public static int Count(ReadOnlySpan<char> text) => Count(text, '*') + Count(text, '-');

    private static int Count(ReadOnlySpan<char> text, char bullet)
    {
        var count = 0;
        var line = 0;
        while (line < text.Length)
        {
            var at = line;
            while (at < text.Length && PythonText.IsWhiteSpace(text[at])) at++;
            if (at >= text.Length) break;

            // Every line start in the blank space leads to the same place, so one look answers for all of them.
            var end = at;
            if (text[at] == bullet && (bullet == '-' || (at + 1 < text.Length && text[at + 1] != '*')))
            {
                count++;
                end = bullet == '-' ? at + 1 : at + 2;
            }

            // A match ends with its line; the place behind it is a line start when the line was empty.
            var feed = end <= text.Length ? text[end..].IndexOf('\n') : -1;
            if (feed < 0) break;
            line = end + feed + 1;
        }

        return count;
    }
}
