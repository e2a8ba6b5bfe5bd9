using Fleet.Rewards.Instructions.Matching;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Roll;

/// <summary>Which words and letters a text must have or must not have.</summary>
internal static class KeywordChecks
{
    /// <summary>Every keyword occurs, whatever its case, also inside a longer word.</summary>
    public static Check Keywords(Parameters parameters, Parity parity)
    {
        var keywords = Lowered(parameters.Texts("keyword_list"));
        return (text, notes) =>
        {
            foreach (var keyword in keywords)
            {
                var at = text.Lower.IndexOf(keyword, StringComparison.Ordinal);
                notes?.Add("keyword", Excerpt.Found(text.Lower, keyword, at));
                if (at < 0) return false;
            }

            return true;
        };
    }

    /// <summary>A word occurs exactly N times as a whole word, whatever its case.</summary>
    /// <remarks>Differs: the reference compares every word with itself, so it is the number of all words that must be N.</remarks>
    public static Check KeywordFrequency(Parameters parameters, Parity parity)
    {
        var word = PythonCase.Lower(parameters.Text("word"));
        var asked = parameters.Number("N");
        return (text, notes) =>
        {
            var count = parity == Parity.Roll ? PythonWord.Count(text.Lower) : Occurrences.CountWhole(text.Lower, word);
            notes?.Add("counted", $"\"{word}\" {count} times, exactly {asked} asked");
            return count == asked;
        };
    }

    /// <summary>None of the words occurs.</summary>
    /// <remarks>Differs: the reference also finds a word inside a longer one.</remarks>
    public static Check ForbiddenWords(Parameters parameters, Parity parity)
    {
        var words = Lowered(parameters.Texts("forbidden_words"));
        return (text, notes) =>
        {
            foreach (var word in words)
            {
                var at = parity == Parity.Roll
                    ? text.Lower.IndexOf(word, StringComparison.Ordinal)
                    : Occurrences.NextWhole(text.Lower, word, 0);
                notes?.Add("forbidden", Excerpt.Found(text.Lower, word, at));
                if (at >= 0) return false;
            }

            return true;
        };
    }

    /// <summary>A letter occurs exactly N times; its case counts.</summary>
    public static Check LetterFrequency(Parameters parameters, Parity parity)
    {
        var letter = parameters.Text("letter");
        var asked = parameters.Number("N");
        parameters.Require(PythonText.Length(letter) == 1, "letter", "one character");
        return (text, notes) =>
        {
            var count = Occurrences.Count(text.Text, letter);
            notes?.Add("counted", $"\"{letter}\" {count} times, exactly {asked} asked");
            return count == asked;
        };
    }

    private static string[] Lowered(string[] words) => Array.ConvertAll(words, PythonCase.Lower);
}
