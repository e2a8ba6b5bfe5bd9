using System.Text;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Choice;

/// <summary>The reference's reading of a choice answer: the first capital letter behind the last <c>answer is</c>.</summary>
/// <remarks>Source: alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/rewards, the extraction in each of the three choice workers.</remarks>
internal static class FirstCapital
{
    private const string Marker = "answer is";

    /// <summary>The text behind the last <c>answer is</c> in any case; the whole text when there is none.</summary>
    /// <remarks>
    /// The reference looks in the lower-cased text and cuts the original at that place: each <c>U+0130</c> before it,
    /// which becomes two code points in lower case, moves the cut one code point too far.
    /// </remarks>
    public static ReadOnlySpan<char> AfterAnswerIs(ReadOnlySpan<char> text)
    {
        var start = LastMarker(text);
        if (start < 0) return text;

        var shift = text[..start].Count('\u0130');
        var cut = start + Marker.Length;
        for (; shift > 0 && cut < text.Length; shift--) cut += char.IsHighSurrogate(text[cut]) && cut + 1 < text.Length ? 2 : 1;
        return text[cut..];
    }

    /// <summary>The first letter that is upper case in any script, as <c>str.isupper</c> sees it; null when there is none.</summary>
    public static Rune? Of(ReadOnlySpan<char> text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (PythonText.IsUpper(rune)) return rune;
        }

        return null;
    }

    // The w is the rarest letter of the marker, so the search leaps from w to w.
    private static int LastMarker(ReadOnlySpan<char> text)
    {
        const int letter = 3;
        var end = text.Length;
        while (true)
        {
            var w = text[..end].LastIndexOfAny('w', 'W');
            if (w < 0) return -1;

            end = w;
            var start = w - letter;
            if (start >= 0 && start + Marker.Length <= text.Length && Ascii.EqualsIgnoreCase(text.Slice(start, Marker.Length), Marker)) return start;
        }
    }
}
