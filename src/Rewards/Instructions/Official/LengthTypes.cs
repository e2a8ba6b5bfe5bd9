using System.Buffers;
using System.Text;
using Fleet.Rewards.Instructions.Matching;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Official;

/// <summary>How many words, sentences and paragraphs a text has.</summary>
internal static class LengthTypes
{
    private static readonly SearchValues<char> WordEnds = SearchValues.Create(".,?!'\"");

    /// <summary>Less than or at least N English sentences.</summary>
    public static Check Sentences(Parameters parameters)
    {
        var asked = parameters.Number("num_sentences");
        var relation = parameters.Relation("relation");
        return (text, notes) =>
        {
            notes?.Add("counted", $"{text.Sentences} sentences, {relation} {asked} asked");
            return Quantity.Holds(text.Sentences, asked, relation);
        };
    }

    /// <summary>Less than or at least N runs of word characters.</summary>
    public static Check Words(Parameters parameters)
    {
        var asked = parameters.Number("num_words");
        var relation = parameters.Relation("relation");
        return (text, notes) =>
        {
            var count = PythonWord.Count(text.Text);
            notes?.Add("counted", $"{count} words, {relation} {asked} asked");
            return Quantity.Holds(count, asked, relation);
        };
    }

    /// <summary>Exactly N paragraphs parted by <c>***</c>; blank ones may stand at the ends alone, and do not count.</summary>
    public static Check Paragraphs(Parameters parameters)
    {
        var asked = parameters.Number("num_paragraphs");
        return (text, notes) =>
        {
            var pieces = Occurrences.Count(text.Text, "***") + 1;
            var count = pieces;
            var index = 0;
            foreach (var piece in text.Text.AsSpan().Split("***"))
            {
                var isEnd = index == 0 || index == pieces - 1;
                index++;
                if (!PythonText.IsBlank(text.Text.AsSpan(piece))) continue;
                count--;
                if (isEnd) continue;
                notes?.Add("paragraph", $"number {index} is blank");
                return false;
            }

            notes?.Add("counted", $"{count} paragraphs parted by ***, exactly {asked} asked");
            return count == asked;
        };
    }

    /// <summary>Exactly N paragraphs parted by an empty line, and the one of a number starts with a word.</summary>
    public static Check NthParagraph(Parameters parameters)
    {
        var asked = parameters.Number("num_paragraphs");
        var number = parameters.Number("nth_paragraph");
        var word = PythonCase.Lower(parameters.Text("first_word"));
        parameters.Require(number >= 1 && number == Floor(number), "nth_paragraph", "a whole number from 1");
        return (text, notes) =>
        {
            var count = 0;
            var index = 0;
            var wanted = default(Range?);
            foreach (var piece in text.Text.AsSpan().Split("\n\n"))
            {
                if (++index == number) wanted = piece;
                if (!PythonText.IsBlank(text.Text.AsSpan(piece))) count++;
            }

            // A blank paragraph keeps its number but does not count.
            notes?.Add("counted", $"{count} paragraphs, exactly {asked} asked");
            if (number > count || wanted is not { } range) return false;

            var first = FirstWord(text.Text.AsSpan(range));
            notes?.Add("first word", $"\"{Excerpt.Clip(first)}\" in paragraph {number}, \"{Excerpt.Clip(word)}\" asked");
            return first.Length > 0 && count == asked && first == word;
        };
    }

    // Without quotation marks in front, up to the first punctuation mark, in lower case letter by letter.
    private static string FirstWord(ReadOnlySpan<char> paragraph)
    {
        paragraph = PythonText.Strip(paragraph);
        var end = 0;
        while (end < paragraph.Length && !PythonText.IsWhiteSpace(paragraph[end])) end++;
        var word = paragraph[..end].TrimStart('\'').TrimStart('"');
        var stop = word.IndexOfAny(WordEnds);
        var lower = new StringBuilder();
        foreach (var rune in (stop < 0 ? word : word[..stop]).EnumerateRunes()) lower.Append(PythonCase.Lower(rune.ToString()));
        return lower.ToString();
    }
}
