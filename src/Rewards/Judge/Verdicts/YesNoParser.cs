using System.Text.Json;

namespace Fleet.Rewards.Judge.Verdicts;

/// <summary>Reads YES (1) or NO (0): the first word of the answer, or a JSON object with a verdict.</summary>
/// <remarks>
/// Range: value in {0, 1}.
/// Fails: <c>judge_unreadable</c> when the first word is another, or offers both; <c>judge_ambiguous</c> when the other word stands on a line of its own.
/// Differs: the first word decides, not any "yes" inside "eyes" or in a quotation.
/// </remarks>
public sealed class YesNoParser : IVerdictParser
{
    private const string Yes = "YES";
    private const string No = "NO";

    private readonly ChoiceParser _choice;

    /// <summary>Creates the parser.</summary>
    public YesNoParser() => _choice = new ChoiceParser([Yes, No], Form);

    /// <inheritdoc/>
    public string Form => "YES or NO";

    /// <inheritdoc/>
    public VerdictReading Read(string text, JudgeAnswer answer)
    {
        VerdictReading fault = default;
        var said = JsonVerdict.Value(text)?.ValueKind switch
        {
            JsonValueKind.True => Yes,
            JsonValueKind.False => No,
            _ => null,
        };
        said ??= _choice.Choose(text, out fault);
        return said is null ? fault : VerdictReading.Of(new Verdict(said == Yes ? 1 : 0, said));
    }
}
