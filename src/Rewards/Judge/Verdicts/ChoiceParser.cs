namespace Fleet.Rewards.Judge.Verdicts;

/// <summary>Finds which of several labels an answer chooses: as its first words, as all of it, or in a JSON object with a verdict.</summary>
internal sealed class ChoiceParser(IEnumerable<string> labels, string form)
{
    private const string Ornaments = "*_\"'` \t";

    // What stands between the labels of a list, and around them.
    private const string Separators = ",/|" + Ornaments;

    private static readonly string[] Joints = ["or", "and", "nor"];

    // The longest first: "not correct" before "not", "partially correct" before "partially".
    private readonly string[] _labels = [.. labels.OrderByDescending(label => label.Length).ThenBy(label => label, StringComparer.Ordinal)];

    /// <summary>The label chosen, or null with the fault.</summary>
    public string? Choose(string text, out VerdictReading fault)
    {
        fault = VerdictReading.Unreadable(form);
        if (JsonVerdict.Value(text) is { } value) return JsonVerdict.Text(value) is { } word ? Whole(word) : null;
        if (text.StartsWith('{')) return null;
        if (Whole(text) is { } whole) return whole;

        var bare = AnswerWords.AfterIntroduction(text);
        if (Leading(bare) is not { } first || OffersChoice(bare[first.Length..])) return null;

        // A judge that changes its mind says so on a line of its own; so does one that quotes.
        foreach (var line in bare[first.Length..].EnumerateLines())
        {
            if (Whole(line) is not { } other || other == first) continue;
            fault = VerdictReading.None(JudgeReasons.Ambiguous, "The judge's answer holds two verdicts that differ.");
            return null;
        }

        return first;
    }

    private string? Whole(ReadOnlySpan<char> text)
    {
        var said = AnswerWords.Plain(AnswerWords.Plain(AnswerWords.AfterIntroduction(text)).TrimEnd(".!"));
        foreach (var label in _labels)
            if (said.Equals(label, StringComparison.OrdinalIgnoreCase)) return label;
        return null;
    }

    private string? Leading(ReadOnlySpan<char> text)
    {
        foreach (var label in _labels)
            if (AnswerWords.StartsWith(text, label)) return label;
        return null;
    }

    // "A, B or TIE": the form is repeated, nothing is said.
    private bool OffersChoice(ReadOnlySpan<char> rest)
    {
        rest = AfterJoint(rest.TrimStart(Separators));
        foreach (var label in _labels)
        {
            if (!rest.StartsWith(label, StringComparison.OrdinalIgnoreCase)) continue;
            var after = rest[label.Length..];
            if (after.Length > 0 && char.IsLetterOrDigit(after[0])) continue;
            after = after.TrimStart(Ornaments);
            return after.Length == 0 || !char.IsLetterOrDigit(after[0]) || AfterJoint(after).Length < after.Length;
        }

        return false;
    }

    private static ReadOnlySpan<char> AfterJoint(ReadOnlySpan<char> text)
    {
        foreach (var joint in Joints)
            if (text.StartsWith(joint, StringComparison.OrdinalIgnoreCase) && text.Length > joint.Length && text[joint.Length] is ' ' or '\t') return text[(joint.Length + 1)..].TrimStart(Separators);
        return text;
    }
}
