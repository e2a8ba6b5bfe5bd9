using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Sentences;

/// <summary>Counts sentences by the look of a few characters around a blank; the rule of ROLL's sentence function.</summary>
/// <remarks>
/// A blank ends a sentence when an end mark stands before it, unless the mark closes an abbreviation such as <c>e.g.</c> (word character,
/// period, word character, mark) or <c>Mr.</c> (capital, small letter, period).
/// </remarks>
internal static class PlainSentences
{
    /// <summary>Sentences that end with <c>.</c>, <c>?</c> or <c>!</c>; a piece without text is none.</summary>
    /// <param name="text">A text without white space at either end.</param>
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && !(PythonText.IsWhiteSpace(text[i]) && EndsSentence(text, i, exclamation: true))) continue;
            if (!PythonText.IsBlank(text[start..i])) count++;
            start = i + 1;
        }

        return count;
    }

    /// <summary>The pieces as the reference counts them: <c>!</c> ends none, and a blank after the last mark adds an empty one.</summary>
    public static int CountAsReference(ReadOnlySpan<char> text)
    {
        var count = 1;
        for (var i = 0; i < text.Length; i++)
        {
            if (PythonText.IsWhiteSpace(text[i]) && EndsSentence(text, i, exclamation: false)) count++;
        }

        return count;
    }

    private static bool EndsSentence(ReadOnlySpan<char> text, int blank, bool exclamation)
    {
        if (blank == 0) return false;
        var mark = text[blank - 1];
        if (mark is not ('.' or '?') && !(exclamation && mark == '!')) return false;

        // e.g. and the like: before the mark a word character, a period and another word character.
        var second = Back(text, blank - 1);
        var period = second < 0 ? -1 : Back(text, second);
        if (period > 0 && text[period] == '.' && PythonWord.IsAt(text, second) && PythonWord.IsBefore(text, period)) return false;

        return !(mark == '.' && blank >= 3 && char.IsAsciiLetterUpper(text[blank - 3]) && char.IsAsciiLetterLower(text[blank - 2]));
    }

    // The index where the code point before this one starts, or -1.
    private static int Back(ReadOnlySpan<char> text, int index)
    {
        if (index <= 0) return -1;
        return index >= 2 && char.IsLowSurrogate(text[index - 1]) && char.IsHighSurrogate(text[index - 2]) ? index - 2 : index - 1;
    }
}
