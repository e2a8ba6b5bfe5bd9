using Fleet.Rewards.Instructions.Languages;
using Fleet.Rewards.Instructions.Sentences;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions;

/// <summary>A text under judgement, with what several instructions ask of it computed once.</summary>
internal sealed class ResponseText(string text, WorkBudget budget)
{
    // Units for a character, measured on the worst texts: nothing but short sentences.
    private const int SentenceWork = 20;
    private const int CapitalWork = 60;

    private string? _lower;
    private string? _language;
    private bool _languageKnown;
    private bool? _blank;
    private int? _sentences;
    private int? _capitalWords;

    /// <summary>The text itself.</summary>
    public string Text { get; } = text;

    /// <summary>The text in lower case.</summary>
    public string Lower => _lower ??= PythonCase.Lower(Text);

    /// <summary>Whether there is nothing but white space.</summary>
    public bool IsBlank => _blank ??= PythonText.IsBlank(Text);

    /// <summary>The text without white space at either end.</summary>
    public ReadOnlySpan<char> Stripped => PythonText.Strip(Text);

    /// <summary>The code of the language, or null when the text has nothing to tell it by.</summary>
    public string? Language
    {
        get
        {
            if (!_languageKnown) _language = LanguageDetector.Detect(Text);
            _languageKnown = true;
            return _language;
        }
    }

    /// <summary>How many words and other tokens are in capitals.</summary>
    public int CapitalWords
    {
        get
        {
            if (_capitalWords is null) budget.Spend(CapitalWork * (long)Text.Length);
            return _capitalWords ??= WordTokens.CountUpper(Text);
        }
    }

    /// <summary>How many sentences an English reader counts.</summary>
    public int Sentences
    {
        get
        {
            if (_sentences is null) budget.Spend(SentenceWork * (long)Text.Length);
            return _sentences ??= SentenceSplitter.Count(Text);
        }
    }
}
