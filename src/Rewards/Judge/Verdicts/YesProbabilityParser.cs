using System.Globalization;

namespace Fleet.Rewards.Judge.Verdicts;

/// <summary>Reads how sure the judge is: the probability of YES against NO as the first token of its answer.</summary>
/// <remarks>
/// Range: value in [0, 1]: P(yes) / (P(yes) + P(no)), spellings summed up.
/// Fails: <c>judge_unreadable</c> without log-probabilities, or when YES and NO together have less than half of the probability:
/// then the judge was about to say something else.
/// </remarks>
public sealed class YesProbabilityParser : IVerdictParser
{
    private const double LeastShare = 0.5;

    /// <inheritdoc/>
    public string Form => "YES or NO";

    /// <inheritdoc/>
    public bool ReadsFirstToken => true;

    /// <inheritdoc/>
    public VerdictReading Read(string text, JudgeAnswer answer)
    {
        double yes = 0, no = 0;
        foreach (var (token, logProbability) in answer.FirstToken)
        {
            var word = AnswerWords.Plain(token);
            var probability = logProbability <= 0 ? Exp(logProbability) : 0;
            if (word.Equals("yes", StringComparison.OrdinalIgnoreCase)) yes += probability;
            else if (word.Equals("no", StringComparison.OrdinalIgnoreCase)) no += probability;
        }

        if (!(yes + no >= LeastShare))
        {
            return VerdictReading.None(JudgeReasons.Unreadable, answer.FirstToken.Count == 0
                ? "The judge sent no log-probabilities."
                : string.Create(CultureInfo.InvariantCulture, $"YES and NO have {yes + no:0.###} of the probability of the judge's first token; at least {LeastShare} is needed."));
        }

        var value = yes / (yes + no);
        return VerdictReading.Of(new Verdict(value, value.ToString("0.####", CultureInfo.InvariantCulture)));
    }
}
