namespace Fleet.Rewards.Judge.Verdicts;

/// <summary>Reads one of a set of labels, each worth a value: the first words of the answer, or a JSON object with a verdict.</summary>
/// <remarks>
/// Range: value in [0, 1].
/// Fails: <c>judge_unreadable</c> when the answer begins with no label, or offers several; <c>judge_ambiguous</c> when another label stands on a line of its own.
/// </remarks>
public sealed class LabelParser : IVerdictParser
{
    private readonly IReadOnlyDictionary<string, double> _values;
    private readonly ChoiceParser _choice;

    /// <summary>Creates the parser.</summary>
    /// <param name="labels">Label to value; values in [0, 1]. Labels are compared without case.</param>
    public LabelParser(IReadOnlyDictionary<string, double> labels)
    {
        _values = labels;
        Form = $"one of: {string.Join(", ", labels.Keys)}";
        _choice = new ChoiceParser(labels.Keys, Form);
    }

    /// <inheritdoc/>
    public string Form { get; }

    /// <inheritdoc/>
    public VerdictReading Read(string text, JudgeAnswer answer) =>
        _choice.Choose(text, out var fault) is { } label ? VerdictReading.Of(new Verdict(_values[label], label)) : fault;
}
