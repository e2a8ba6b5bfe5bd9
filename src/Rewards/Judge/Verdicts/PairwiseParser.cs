namespace Fleet.Rewards.Judge.Verdicts;

/// <summary>Reads which of two responses is better: A, B or TIE.</summary>
/// <param name="swapped">Whether the judged response was shown as B.</param>
/// <remarks>Range: value in {0, 0.5, 1}: 1 when the judged response is the better one.</remarks>
public sealed class PairwiseParser(bool swapped) : IVerdictParser
{
    private readonly LabelParser _labels = new(new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase)
    {
        ["A"] = swapped ? 0 : 1,
        ["B"] = swapped ? 1 : 0,
        ["TIE"] = 0.5,
    });

    /// <inheritdoc/>
    public string Form => "A, B or TIE";

    /// <inheritdoc/>
    public VerdictReading Read(string text, JudgeAnswer answer) => _labels.Read(text, answer);
}
