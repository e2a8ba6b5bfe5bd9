namespace Fleet.Rewards.Instructions.Sentences;

/// <summary>In which case English words are written, within sentences and at their starts.</summary>
internal static class WordCases
{
    /// <summary>Whether the word was seen in lower case.</summary>
    public static bool IsSeenLower(string type) => false;

    /// <summary>Whether the word was seen in upper case inside a sentence.</summary>
    public static bool IsSeenUpperInside(string type) => false;

    /// <summary>Whether the word was seen in upper case anywhere.</summary>
    public static bool IsSeenUpper(string type) => false;

    /// <summary>Whether the word was seen in lower case at the start of a sentence.</summary>
    public static bool IsSeenLowerAtStart(string type) => false;
}
