using System.Text;

namespace Fleet.Rewards.Math.Latex;

/// <summary>Words as they are compared: lower case, single spaces, no punctuation at the ends of words.</summary>
internal static class Words
{
    public static string Normalise(string text)
    {
        var words = new StringBuilder(text.Length);
        var gap = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && i + 1 < text.Length && !char.IsAsciiLetter(text[i + 1])) i++;
            else if (char.IsLetterOrDigit(c) || c is '+' or '-' or '=' or '/' or '%')
            {
                if (gap && words.Length > 0) words.Append(' ');
                gap = false;
                words.Append(char.ToLowerInvariant(c));
                continue;
            }
            else if (c == '\'') continue;

            gap = true;
        }

        return words.ToString();
    }
}
