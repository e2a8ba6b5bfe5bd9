using System.Text;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Sentences;

/// <summary>Words that the Treebank parts in two: cannot, d'ye, gimme, gonna, gotta, lemme, more'n, wanna, 'tis and 'twas.</summary>
internal static class TreebankContractions
{
    private static readonly (string First, string Second)[] Words =
    [
        ("can", "not"), ("d", "'ye"), ("gim", "me"), ("gon", "na"), ("got", "ta"), ("lem", "me"), ("more", "'n"), ("wan", "na"),
    ];

    private delegate int Match(ReadOnlySpan<char> text, int at, out int first);

    /// <summary>Parts each of the words where it stands alone, whatever its case.</summary>
    public static void PartWords(ReadOnlySpan<char> text, StringBuilder to) => Part(text, to, MatchWord);

    /// <summary>Parts 'tis and 'twas after a blank, whatever their case.</summary>
    public static void PartTis(ReadOnlySpan<char> text, StringBuilder to) => Part(text, to, MatchTis);

    private static void Part(ReadOnlySpan<char> text, StringBuilder to, Match match)
    {
        var i = 0;
        while (i < text.Length)
        {
            var length = match(text, i, out var first);
            if (length == 0)
            {
                to.Append(text[i++]);
                continue;
            }

            to.Append(' ').Append(text.Slice(i, first)).Append(' ').Append(text.Slice(i + first, length - first)).Append(' ');
            i += length;
        }
    }

    private static int MatchTis(ReadOnlySpan<char> text, int at, out int first)
    {
        first = 2;
        var rest = text[at..];
        if (rest[0] != '\'' || at == 0 || text[at - 1] != ' ') return 0;
        var length = StartsWith(rest, "'tis") ? 4 : StartsWith(rest, "'twas") ? 5 : 0;
        return length > 0 && !PythonWord.IsAfter(rest, length) ? length : 0;
    }

    // The length of the word that starts here and is parted, and of its first part; 0 when none does.
    private static int MatchWord(ReadOnlySpan<char> text, int at, out int first)
    {
        first = 0;
        var rest = text[at..];
        if (!char.IsAsciiLetter(rest[0]) || PythonWord.IsBefore(text, at)) return 0;
        foreach (var (one, two) in Words)
        {
            if (!StartsWith(rest, one) || !StartsWith(rest[one.Length..], two)) continue;

            // After wanna a blank is asked for, after the others no more than a word's end.
            var length = one.Length + two.Length;
            var ends = one == "wan" ? length < rest.Length && PythonText.IsWhiteSpace(rest[length]) : !PythonWord.IsAfter(rest, length);
            if (!ends) continue;
            first = one.Length;
            return length;
        }

        return 0;
    }

    private static bool StartsWith(ReadOnlySpan<char> text, string word) => text.StartsWith(word, StringComparison.OrdinalIgnoreCase);
}
