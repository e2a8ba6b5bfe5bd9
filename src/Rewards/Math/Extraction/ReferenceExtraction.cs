using Fleet.Rewards.Math.Exact;
using Fleet.Rewards.Math.Expressions;
using Fleet.Rewards.Math.Latex;

namespace Fleet.Rewards.Math.Extraction;

/// <summary>The extraction of the reference library: all candidates of a priority, the rightmost first, until one parses.</summary>
/// <remarks>Source: huggingface/Math-Verify@5d148cf src/math_verify/parser.py, restated. Its regular expressions are scanners here.</remarks>
internal static class ReferenceExtraction
{
    private const int MaxTries = 60;

    /// <summary>The end of a long text that is searched, in UTF-16 units.</summary>
    private const int TailLength = 30_000;

    /// <summary>The first candidate that parses, else the first that is any text, else null.</summary>
    public static ParsedAnswer? Extract(string text, ExtractionSettings settings, WorkBudget budget)
    {
        budget.Spend(text.Length / 4);
        if (text.Length > TailLength) text = text[^TailLength..];
        var candidates = new List<Candidate>();
        if (settings.Targets.Contains("latex")) LatexCandidates.Collect(text, settings.BoxedMatchPriority, candidates);
        if (settings.Targets.Contains("expr")) NumberCandidates.Collect(text, candidates);
        if (settings.Targets.Contains("string")) StringCandidates.Collect(text, settings, candidates);

        // By priority, the rightmost end first; at one end what starts first.
        candidates.Sort((a, b) => a.Priority != b.Priority ? a.Priority.CompareTo(b.Priority) : a.End != b.End ? b.End.CompareTo(a.End) : a.Start.CompareTo(b.Start));
        ParsedAnswer? fallback = null;
        foreach (var candidate in candidates.Take(MaxTries))
        {
            var parsed = candidate.IsString ? new ParsedAnswer(candidate.Content, new TextValue(candidate.Content), false) : AnswerParser.Parse(candidate.Content, budget);
            if (parsed.Value is Phrase) parsed = parsed with { Value = null };
            if (parsed.Value is { } value)
                return candidate.Percent ? parsed with { Value = Canonical.Of(Build.Multiply(value, new Number(Rational.Of(1, 100))), budget) } : parsed;
            if (parsed.Source.Length > 0) fallback ??= parsed;
        }

        return fallback;
    }
}

/// <summary>A piece of text that may be the answer.</summary>
internal readonly record struct Candidate(int Priority, int Start, int End, string Content, bool Percent = false, bool IsString = false);
