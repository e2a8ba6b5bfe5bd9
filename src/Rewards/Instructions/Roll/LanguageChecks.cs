using Fleet.Rewards.Instructions.Matching;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Roll;

/// <summary>The language and the case of a text.</summary>
internal static class LanguageChecks
{
    /// <summary>The text is in a language, given by its code; a text that tells nothing of its language is in none.</summary>
    /// <remarks>Differs: the reference draws n-grams at random, so a short text may get another verdict on the next run.</remarks>
    public static Check ResponseLanguage(Parameters parameters, Parity parity)
    {
        var code = parameters.Text("language");
        return (text, notes) =>
        {
            notes?.Add("language", $"{text.Language ?? "none"}, {code} asked");
            return text.Language == code;
        };
    }

    /// <summary>No letter could be put in upper case; holds without letters.</summary>
    public static Check Uppercase(Parameters parameters, Parity parity) => (text, notes) =>
    {
        notes?.Add("compared", "the text with itself in upper case");
        return PythonCase.EqualsUpper(text.Text);
    };

    /// <summary>No letter could be put in lower case; holds without letters.</summary>
    public static Check Lowercase(Parameters parameters, Parity parity) => (text, notes) =>
    {
        notes?.Add("compared", "the text with itself in lower case");
        return PythonCase.EqualsLower(text.Text);
    };

    /// <summary>How many words are of nothing but the capitals A to Z; <c>around</c> means exactly.</summary>
    public static Check CapitalWords(Parameters parameters, Parity parity)
    {
        var asked = parameters.Number("N");
        var quantifier = parameters.Text("quantifier");
        return (text, notes) =>
        {
            var count = CountCapitalWords(text.Text);
            notes?.Add("counted", $"{count} words in capitals, {quantifier} {asked} asked");
            return Quantity.Holds(count, asked, quantifier, tolerance: 0);
        };
    }

    // Matches of \b[A-Z]+\b: runs of word characters that hold nothing but A to Z.
    private static int CountCapitalWords(string text)
    {
        var count = 0;
        var i = 0;
        while (i < text.Length)
        {
            var onlyCapitals = true;
            var start = i;
            for (; i < text.Length && PythonWord.IsAt(text, i); i++) onlyCapitals &= char.IsAsciiLetterUpper(text[i]);
            if (i > start && onlyCapitals) count++;
            i++;
        }

        return count;
    }
}
