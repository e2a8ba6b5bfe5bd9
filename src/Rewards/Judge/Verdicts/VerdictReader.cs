namespace Fleet.Rewards.Judge.Verdicts;

/// <summary>Reads a judge's answer: sorts out what is no answer, takes the reasoning away, hands the rest to the template's parser.</summary>
public static class VerdictReader
{
    private const string ThinkStart = "<think>";
    private const string ThinkEnd = "</think>";

    /// <summary>The verdict, or why there is none. Never throws; linear in the answer.</summary>
    /// <remarks>
    /// Fails: <c>judge_refused</c>, <c>judge_cut_off</c>, <c>judge_empty</c>, <c>judge_unreadable</c>, <c>judge_ambiguous</c>.
    /// Differs: the reference takes any answer with "yes" in it as a yes and one it cannot read as 0.
    /// </remarks>
    public static VerdictReading Read(JudgeAnswer answer, IVerdictParser parser)
    {
        if (answer.Refusal is { } refusal) return VerdictReading.None(JudgeReasons.Refused, $"The judge refused: {Clip(refusal)}");
        if (answer.Stop == JudgeStop.Filtered) return VerdictReading.None(JudgeReasons.Refused, "The judge's answer was filtered.");
        if (parser.ReadsFirstToken) return parser.Read(answer.Text, answer);
        if (answer.Stop == JudgeStop.Length) return VerdictReading.None(JudgeReasons.CutOff, "The judge's answer ran into its token limit.");
        if (string.IsNullOrWhiteSpace(answer.Text)) return VerdictReading.None(JudgeReasons.Empty, "The judge sent no text.");

        var text = answer.Text.Trim();
        var opened = text.StartsWith(ThinkStart, StringComparison.OrdinalIgnoreCase);
        var end = text.IndexOf(ThinkEnd, StringComparison.OrdinalIgnoreCase);
        if (end < 0)
        {
            return opened ? VerdictReading.None(JudgeReasons.CutOff, "The judge never finished its reasoning.") : parser.Read(Unfenced(text), answer);
        }

        // Two ends: one of them is quoted, and nothing tells which.
        var final = text[(end + ThinkEnd.Length)..].Trim();
        if (final.Contains(ThinkEnd, StringComparison.OrdinalIgnoreCase)) return VerdictReading.None(JudgeReasons.Ambiguous, "The judge's reasoning ends twice.");
        if (final.Length == 0) return VerdictReading.None(JudgeReasons.Empty, "The judge sent nothing but its reasoning.");

        var reading = parser.Read(Unfenced(final), answer);
        if (opened || reading.Verdict is null) return reading;

        // Some servers leave the opening tag in the prompt. Then what stands before the end must not be a verdict itself.
        var before = parser.Read(Unfenced(text[..end].Trim()), answer).Verdict;
        return before is null || before.Label == reading.Verdict.Label
            ? reading
            : VerdictReading.None(JudgeReasons.Ambiguous, "The judge's answer holds two verdicts that differ.");
    }

    private static string Unfenced(string text)
    {
        const string Fence = "```";
        if (!text.StartsWith(Fence, StringComparison.Ordinal) || !text.EndsWith(Fence, StringComparison.Ordinal) || text.Length < 2 * Fence.Length) return text;
        var body = text[Fence.Length..^Fence.Length];
        var line = body.IndexOf('\n');
        if (line < 0 || body.Contains(Fence, StringComparison.Ordinal)) return text;
        return body[..line].Trim().All(char.IsAsciiLetter) ? body[(line + 1)..].Trim() : body.Trim();
    }

    /// <summary>The beginning of a text on one line, for messages.</summary>
    public static string Clip(string text, int most = 80)
    {
        var line = text.Trim().ReplaceLineEndings(" ");
        if (line.Length <= most) return line;
        return line[..(char.IsHighSurrogate(line[most - 1]) ? most - 1 : most)] + "…";
    }
}
