using System.Collections.Frozen;
using Fleet.Rewards.Math.Expressions;

namespace Fleet.Rewards.Math.Latex;

/// <summary>Dates in words: "July 4", "4th of July", "Tuesday, July 4, 2023" as one text each, whatever the order.</summary>
internal static class DateText
{
    private const int MaxWords = 6;

    private static readonly FrozenSet<string> Names = new[]
    {
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    }.ToFrozenSet(StringComparer.Ordinal);

    // "Jul" and "Sept" for the names that they begin; "may" and "sun" may be other words and stand for themselves.
    private static string FullName(string word) =>
        word.Length is 3 or 4 && char.IsAsciiLetter(word[0]) ? Names.FirstOrDefault(n => n.StartsWith(word, StringComparison.Ordinal)) ?? word : word;

    /// <summary>The date, or null when the text is none: nothing but names, numbers and small words, with a name and a number or several names.</summary>
    public static TextValue? Parse(string source)
    {
        if (source.Length > 60 || !source.AsSpan().ContainsAnyInRange('a', 'y')) return null;
        var words = Words.Normalise(source.Replace("\\text", " ", StringComparison.Ordinal).Replace("\\ ", " ", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is < 2 or > MaxWords || !Array.Exists(words, w => Names.Contains(FullName(w)))) return null;
        var kept = new List<string>();
        foreach (var word in words)
        {
            if (word is "the" or "of" or "on") continue;
            var bare = FullName(word.Length > 2 && char.IsAsciiDigit(word[0]) && word[^2..] is "st" or "nd" or "rd" or "th" ? word[..^2] : word);
            if (!Names.Contains(bare) && bare.AsSpan().ContainsAnyExceptInRange('0', '9')) return null;
            kept.Add(bare);
        }

        if (kept.Count < 2) return null;
        kept.Sort(StringComparer.Ordinal);
        return new TextValue(string.Join(' ', kept));
    }
}
