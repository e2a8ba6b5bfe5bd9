using System.Text;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Sentences;

/// <summary>Cuts text into words and punctuation as NLTK's <c>word_tokenize</c> does, after the conventions of the Penn Treebank.</summary>
/// <remarks>
/// NLTK rewrites each sentence by a row of substitutions, most of which put blanks around something, and splits at the blanks in the end.
/// The same steps are taken here in the same order, each in one pass.
/// Source: the rules of NLTK 3.8, nltk/tokenize/destructive.py.
/// </remarks>
internal sealed class WordTokens
{
    private readonly StringBuilder _to = new();
    private string _text = "";

    /// <summary>The tokens of a text, sentence by sentence.</summary>
    public static IEnumerable<string> Of(string text)
    {
        var tokens = new WordTokens();
        foreach (var sentence in SentenceSplitter.Split(text))
        {
            var spaced = tokens.Spaced(text.AsSpan(sentence));
            foreach (var word in PythonText.Words(spaced)) yield return spaced[word];
        }
    }

    /// <summary>How many tokens are upper case: with at least one cased character and none in lower case.</summary>
    public static int CountUpper(string text)
    {
        var count = 0;
        var tokens = new WordTokens();
        foreach (var sentence in SentenceSplitter.Split(text))
        {
            // No rule makes a capital where there was none.
            if (!HasUpper(text.AsSpan(sentence))) continue;
            var spaced = tokens.Spaced(text.AsSpan(sentence));
            foreach (var word in PythonText.Words(spaced))
            {
                if (PythonCase.IsUpper(spaced.AsSpan(word))) count++;
            }
        }

        return count;
    }

    private static bool HasUpper(ReadOnlySpan<char> sentence)
    {
        if (Ascii.IsValid(sentence)) return sentence.ContainsAnyInRange('A', 'Z');
        foreach (var rune in sentence.EnumerateRunes())
        {
            if (PythonCase.IsUpper(rune)) return true;
        }

        return false;
    }

    // The sentence with a blank at each place where tokens part.
    private string Spaced(ReadOnlySpan<char> sentence)
    {
        _text = sentence.ToString();
        Pass(TreebankRules.OpeningMarks);
        Pass(TreebankRules.FirstQuote);
        Pass(TreebankRules.Backticks);
        Pass(TreebankRules.OpeningQuotes);
        Pass(TreebankRules.QuoteBeforeLetter);
        Pass(TreebankRules.LastPeriod);
        Pass(TreebankRules.ColonsAndCommas);
        Pass(TreebankRules.LastColonOrComma);
        Pass(TreebankRules.Periods);
        Pass(TreebankRules.Signs);
        Pass(TreebankRules.EndMarks);
        Pass(TreebankRules.QuoteBeforeBlank);
        Pass(TreebankRules.Stars);
        Pass(TreebankRules.Brackets);
        Pass(TreebankRules.Dashes);
        _text = $" {_text} ";
        Pass(TreebankRules.ClosingMarks);
        Pass(TreebankRules.ClosingQuotes);
        Pass(TreebankRules.ShortEndings);
        Pass(TreebankRules.LongEndings);
        Pass(TreebankRules.Contractions);
        Pass(TreebankRules.OldContractions);
        return _text;
    }

    private void Pass(TreebankRule rule)
    {
        _to.Clear();
        if (!rule.TryApply(_text, _to)) return;
        _text = _to.ToString();
    }
}
