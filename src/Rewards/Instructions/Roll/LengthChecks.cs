using Fleet.Rewards.Instructions.Matching;
using Fleet.Rewards.Instructions.Sentences;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Roll;

/// <summary>How many words, sentences and paragraphs a text has.</summary>
internal static class LengthChecks
{
    /// <summary>Exactly N paragraphs parted by <c>* * *</c>, none of them blank.</summary>
    public static Check ParagraphCount(Parameters parameters, Parity parity)
    {
        var asked = parameters.Number("N");
        return (text, notes) =>
        {
            var pieces = 0;
            var blank = 0;
            foreach (var piece in text.Text.AsSpan().Split("* * *"))
            {
                pieces++;
                if (PythonText.IsBlank(text.Text.AsSpan(piece))) blank++;
            }

            notes?.Add("counted", $"{pieces} paragraphs parted by * * *, {blank} of them blank, exactly {asked} asked");
            return blank == 0 && pieces == asked;
        };
    }

    /// <summary>How many words parted by white space; <c>around</c> allows a tenth, at least one word.</summary>
    public static Check WordCount(Parameters parameters, Parity parity)
    {
        var asked = parameters.Number("N");
        var quantifier = parameters.Text("quantifier");
        return (text, notes) =>
        {
            var count = PythonText.WordCount(text.Text);
            notes?.Add("counted", $"{count} words, {quantifier} {asked} asked");
            return Quantity.Holds(count, asked, quantifier, Max(Round(0.1 * asked, MidpointRounding.ToEven), 1));
        };
    }

    /// <summary>How many sentences by a plain rule; <c>around</c> allows one more or less.</summary>
    /// <remarks>Differs: in the reference <c>!</c> ends no sentence and a blank at the end adds one.</remarks>
    public static Check SentenceCount(Parameters parameters, Parity parity)
    {
        var asked = parameters.Number("N");
        var quantifier = parameters.Text("quantifier");
        return (text, notes) =>
        {
            var count = parity == Parity.Roll ? PlainSentences.CountAsReference(text.Text) : PlainSentences.Count(text.Stripped);
            notes?.Add("counted", $"{count} sentences, {quantifier} {asked} asked");
            return Quantity.Holds(count, asked, quantifier, tolerance: 1);
        };
    }

    /// <summary>Exactly N paragraphs parted by an empty line, and the one of number <c>i</c> starts with a word.</summary>
    /// <remarks>
    /// Differs: the reference knows the line feed alone as a line end, takes an index from the end when <c>i</c> is below 1, and accepts a
    /// longer word that starts with the word.
    /// </remarks>
    public static Check Paragraphs(Parameters parameters, Parity parity)
    {
        var asked = parameters.Number("N");
        var index = parameters.Number("i");
        var word = parameters.Text("first_word");
        parameters.Require(index == Floor(index), "i", "a whole number");
        return (text, notes) =>
        {
            var whole = parity == Parity.Roll ? text.Text : text.Text.Replace("\r\n", "\n", StringComparison.Ordinal);
            var count = Occurrences.Count(whole, "\n\n") + 1;
            notes?.Add("counted", $"{count} paragraphs, exactly {asked} asked");
            if (count != asked || PieceIndex(index, count, parity) is not { } number) return false;

            var paragraph = PythonText.Strip(Piece(whole, "\n\n", number));
            notes?.Add("paragraph", $"number {number + 1} starts with {Excerpt.Clip(paragraph.ToString())}");
            return paragraph.StartsWith(word) && (parity == Parity.Roll || !PythonWord.IsAfter(paragraph, word.Length));
        };
    }

    private static int? PieceIndex(double index, int count, Parity parity)
    {
        var number = index - 1;
        if (parity == Parity.Roll && number < 0) number += count;
        return number >= 0 && number < count ? (int)number : null;
    }

    private static ReadOnlySpan<char> Piece(string text, string separator, int number)
    {
        foreach (var piece in text.AsSpan().Split(separator))
        {
            if (number-- == 0) return text.AsSpan(piece);
        }

        return [];
    }
}
