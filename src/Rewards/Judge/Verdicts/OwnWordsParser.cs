namespace Fleet.Rewards.Judge.Verdicts;

/// <summary>Reads a verdict only in the judge's own words: a line that the judged text has too may be a quotation, wherever it stands.</summary>
/// <param name="parser">The parser of the form.</param>
/// <param name="judged">The texts that the judge was shown and could quote.</param>
/// <remarks>
/// Such a line counts when it is all that was said, or when what the judge says beside it comes to the same.
/// Fails: <c>judge_ambiguous</c> for a verdict that may be quoted; what the parser fails with.
/// </remarks>
public sealed class OwnWordsParser(IVerdictParser parser, params IReadOnlyList<string> judged) : IVerdictParser
{
    private readonly Lazy<HashSet<string>> _quotable = new(() => [.. judged.SelectMany(Lines)], isThreadSafe: true);

    /// <inheritdoc/>
    public string Form => parser.Form;

    /// <inheritdoc/>
    public bool ReadsFirstToken => parser.ReadsFirstToken;

    /// <inheritdoc/>
    public VerdictReading Read(string text, JudgeAnswer answer)
    {
        var reading = parser.Read(text, answer);
        if (reading.Verdict is not { } verdict || ReadsFirstToken) return reading;

        // An object is read as a whole or not at all.
        var lines = text.Split('\n');
        if (lines.Length == 1 || text.StartsWith('{')) return reading;

        List<string> own = [.. lines.Where(line => !_quotable.Value.Contains(Bare(line)))];
        if (own.Count == lines.Length || own.TrueForAll(string.IsNullOrWhiteSpace)) return reading;
        return parser.Read(string.Join('\n', own).Trim(), answer).Verdict?.Label == verdict.Label
            ? reading
            : VerdictReading.None(JudgeReasons.Ambiguous, "The judge's verdict is also a line of the text that it judges.");
    }

    // As the judge was shown it. What is no word at all is nobody's.
    private static IEnumerable<string> Lines(string text) => UntrustedText.Escape(text).Split('\n').Select(Bare).Where(line => line.Length > 0);

    private static string Bare(string line) => AnswerWords.Plain(line).ToString().ToUpperInvariant();
}
