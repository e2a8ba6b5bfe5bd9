namespace Fleet.Rewards.Instructions.Sentences;

/// <summary>In which case English words are written, from the embedded list that <c>make_word_cases.py</c> counts.</summary>
/// <remarks>A word that is common in lower case and now has a capital most likely starts a sentence; a word never seen in lower case may be a name.</remarks>
internal static class WordCases
{
    private const string Resource = "Fleet.Rewards.Instructions.Sentences.word-cases.txt";

    // For each word that was seen in lower case, whether it was also seen with a capital inside a sentence.
    private static readonly Lazy<Dictionary<string, bool>> Words = new(Load);

    /// <summary>Whether the word was seen in lower case.</summary>
    public static bool IsSeenLower(string word) => Words.Value.ContainsKey(word);

    /// <summary>Whether the word was seen in lower case, and never with a capital inside a sentence.</summary>
    public static bool IsCapitalOnlyAtStart(string word) => Words.Value.TryGetValue(word, out var inside) && !inside;

    private static Dictionary<string, bool> Load()
    {
        using var stream = typeof(WordCases).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly has no resource {Resource}.");
        using var reader = new StreamReader(stream);
        var words = new Dictionary<string, bool>(8000, StringComparer.Ordinal);
        while (reader.ReadLine() is { } line) words[line.TrimEnd('^')] = line.EndsWith('^');
        return words;
    }
}
