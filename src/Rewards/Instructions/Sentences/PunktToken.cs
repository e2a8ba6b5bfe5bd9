using System.Buffers;
using System.Text;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Sentences;

/// <summary>A token with what Punkt's first pass says of it: whether it looks like a sentence's end, an abbreviation or an ellipsis.</summary>
internal ref struct PunktToken
{
    private string? _type;

    /// <summary>Classifies a token by itself.</summary>
    public PunktToken(ReadOnlySpan<char> text)
    {
        Text = text;
        if (text is "." or "?" or "!")
        {
            BreaksSentence = true;
        }
        else if (text.Length > 1 && !text.ContainsAnyExcept('.'))
        {
            IsEllipsis = true;
        }
        else if (EndsWithPeriod && !text.EndsWith(".."))
        {
            IsAbbreviation = IsKnownAbbreviation(text[..^1]);
            BreaksSentence = !IsAbbreviation;
        }
    }

    /// <summary>The token as it stands in the text.</summary>
    public ReadOnlySpan<char> Text { get; }

    /// <summary>Whether a sentence ends after the token.</summary>
    public bool BreaksSentence { get; set; }

    /// <summary>Whether the token is a known abbreviation.</summary>
    public bool IsAbbreviation { get; set; }

    /// <summary>Whether the token is two periods or more.</summary>
    public bool IsEllipsis { get; }

    /// <summary>Whether the token ends with a period.</summary>
    public readonly bool EndsWithPeriod => Text.EndsWith('.');

    /// <summary>Whether the token is one letter and a period.</summary>
    public readonly bool IsInitial =>
        Text.Length is 2 or 3 && Text[^1] == '.' && PythonText.Length(Text) == 2 && PythonWord.IsAt(Text, 0) && !PythonWord.IsDigitAt(Text, 0);

    /// <summary>Whether the first character is upper case.</summary>
    public readonly bool StartsUpper => PythonCase.IsUpper(First);

    /// <summary>Whether the first character is lower case.</summary>
    public readonly bool StartsLower => PythonCase.IsLower(First);

    /// <summary>The token in lower case, all numbers alike.</summary>
    public string Type => _type ??= IsNumber(Text) ? EnglishPunkt.Number : PythonCase.Lower(Text.ToString());

    /// <summary>The type without its last period.</summary>
    public string TypeWithoutPeriod => Type.Length > 1 && Type[^1] == '.' ? Type[..^1] : Type;

    /// <summary>The type without its last period if that ends the sentence.</summary>
    public string TypeWithoutSentencePeriod => BreaksSentence ? TypeWithoutPeriod : Type;

    private readonly Rune First => Rune.DecodeFromUtf16(Text, out var first, out _) == OperationStatus.Done ? first : Rune.ReplacementChar;

    private static bool IsKnownAbbreviation(ReadOnlySpan<char> text)
    {
        // The longest of the list is far shorter; a long token is spared the copy.
        var last = text.LastIndexOf('-') + 1;
        if (text.Length - last > 16) return false;
        var lookup = EnglishPunkt.Abbreviations;
        return lookup.Contains(PythonCase.Lower(text[last..].ToString()));
    }

    // -?[.,]?\d[\d,.-]*\.?
    private static bool IsNumber(ReadOnlySpan<char> text)
    {
        var at = 0;
        if (at < text.Length && text[at] == '-') at++;
        if (at < text.Length && text[at] is '.' or ',') at++;
        if (at >= text.Length || !PythonWord.IsDigitAt(text, at)) return false;
        for (; at < text.Length; at++)
        {
            if (text[at] is not (',' or '.' or '-') && !PythonWord.IsDigitAt(text, at)) return false;
        }

        return true;
    }
}
