using Fleet.Rewards.Instructions.Matching;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Official;

/// <summary>Which words and letters a text must have or must not have.</summary>
internal static class KeywordTypes
{
    /// <summary>Every keyword occurs, whatever its case.</summary>
    public static Check Existence(Parameters parameters)
    {
        var keywords = parameters.Texts("keywords");
        var patterns = Array.ConvertAll(keywords, keyword => KeywordPattern.Of(keyword));
        return (text, notes) =>
        {
            for (var i = 0; i < patterns.Length; i++)
            {
                var (at, _) = patterns[i].Find(text.Text, 0);
                notes?.Add("keyword", Excerpt.Found(text.Text, keywords[i], at));
                if (at < 0) return false;
            }

            return true;
        };
    }

    /// <summary>A keyword occurs less than or at least N times, whatever its case.</summary>
    public static Check Frequency(Parameters parameters)
    {
        var keyword = parameters.Text("keyword");
        var asked = parameters.Number("frequency");
        var relation = parameters.Relation("relation");
        var pattern = KeywordPattern.Of(keyword);
        return (text, notes) =>
        {
            var count = pattern.Count(text.Text);
            notes?.Add("counted", $"\"{Excerpt.Clip(keyword)}\" {count} times, {relation} {asked} asked");
            return Quantity.Holds(count, asked, relation);
        };
    }

    /// <summary>None of the words occurs as a whole word, whatever its case.</summary>
    public static Check ForbiddenWords(Parameters parameters)
    {
        var words = parameters.Texts("forbidden_words");
        var patterns = Array.ConvertAll(words, word => KeywordPattern.Of(word, wholeWord: true));
        return (text, notes) =>
        {
            for (var i = 0; i < patterns.Length; i++)
            {
                var (at, _) = patterns[i].Find(text.Text, 0);
                notes?.Add("forbidden", Excerpt.Found(text.Text, words[i], at));
                if (at >= 0) return false;
            }

            return true;
        };
    }

    /// <summary>A letter occurs less than or at least N times, whatever its case.</summary>
    /// <remarks>Differs: the reference replaces a letter outside a to z by a random one.</remarks>
    public static Check LetterFrequency(Parameters parameters)
    {
        var letter = parameters.Text("letter");
        var asked = parameters.Number("let_frequency");
        var relation = parameters.Relation("let_relation");
        parameters.Require(PythonText.Length(letter) == 1, "letter", "one character");
        var lower = PythonCase.Lower(letter);
        return (text, notes) =>
        {
            var count = Occurrences.Count(text.Lower, lower);
            notes?.Add("counted", $"\"{letter}\" {count} times, {relation} {asked} asked");
            return Quantity.Holds(count, asked, relation);
        };
    }
}
