using System.Globalization;
using System.Text;

namespace Fleet.Rewards.Math.Latex;

/// <summary>Rewrites Unicode signs and full-width forms to the LaTeX or ASCII they stand for.</summary>
internal static class PlainSigns
{
    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    private const string Subscripts = "₀₁₂₃₄₅₆₇₈₉";

    public static string Rewrite(string text)
    {
        var first = text.AsSpan().IndexOfAnyExceptInRange('\0', '\u007f');
        if (first < 0) return text;

        var plain = new StringBuilder(text.Length + 32).Append(text, 0, first);
        for (var i = first; i < text.Length; i++)
        {
            var c = text[i];
            if (c < 0x80) plain.Append(c);
            else if (Raised(text, i) is var end && end > i)
            {
                plain.Append("^{");
                for (; i < end; i++) plain.Append(text[i] == '⁻' ? '-' : (char)('0' + Superscripts.IndexOf(text[i], StringComparison.Ordinal)));
                plain.Append('}');
                i--;
            }
            else if (Subscripts.Contains(c))
            {
                plain.Append("_{");
                for (; i < text.Length && Subscripts.IndexOf(text[i], StringComparison.Ordinal) is var digit and >= 0; i++) plain.Append((char)('0' + digit));
                plain.Append('}');
                i--;
            }
            else if (Vocabulary.Signs.TryGetValue(c, out var sign)) plain.Append(sign);
            else if (char.IsWhiteSpace(c)) plain.Append(' ');
            else if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format) continue;
            else if (c is >= '\uff01' and <= '\uff5e') plain.Append((char)(c - 0xfee0));
            else plain.Append(c);
        }

        return plain.ToString();
    }

    // The end of a run of raised digits that starts here, or here when there is none.
    private static int Raised(string text, int at)
    {
        var end = at;
        if (text[end] == '⁻') end++;
        var digits = end;
        while (end < text.Length && Superscripts.Contains(text[end])) end++;
        return end > digits ? end : at;
    }
}
