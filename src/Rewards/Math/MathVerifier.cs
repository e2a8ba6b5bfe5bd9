using Fleet.Rewards.Math.Equality;
using Fleet.Rewards.Math.Extraction;
using Fleet.Rewards.Math.Latex;

namespace Fleet.Rewards.Math;

/// <summary>What a comparison of two answers came to.</summary>
/// <param name="Equal">Whether the prediction answers the gold; null when the gold itself cannot be judged.</param>
/// <param name="Status"><c>scored</c>, or <c>invalid</c> when the gold is empty or cannot be worked on.</param>
/// <param name="Reason">Why, as one short code such as <c>equal_exactly</c>, <c>equal_numerically</c>, <c>different_value</c>, <c>no_answer</c>.</param>
/// <param name="GoldForm">The gold answer in canonical form; null when it was compared as text.</param>
/// <param name="PredictionForm">The predicted answer in canonical form; null when it was compared as text or there is none.</param>
public sealed record MathVerdict(bool? Equal, string Status, Reason Reason, string? GoldForm, string? PredictionForm);

/// <summary>Compares mathematical answers: exact arithmetic first, then certified numerics, under a budget of counted work.</summary>
/// <remarks>Pure and safe for any number of threads. Never throws on any text.</remarks>
public static class MathVerifier
{
    /// <summary>Units of work that one comparison may do at most: some 20 ms.</summary>
    internal const long MaxUnits = 3_000_000;

    /// <summary>Compares two texts.</summary>
    /// <param name="gold">The gold answer; for kind <c>verify</c> a whole text to extract it from.</param>
    /// <param name="prediction">The predicted answer; for kind <c>verify</c> a whole text to extract it from.</param>
    /// <param name="kind"><c>pair</c>: both are bare answers. <c>verify</c>: both are texts.</param>
    /// <param name="extraction">How to extract for kind <c>verify</c>; null for the defaults.</param>
    /// <param name="budget">The work that may be done; null for the default.</param>
    public static MathVerdict Verify(string gold, string prediction, string kind = "pair", ExtractionSettings? extraction = null, WorkBudget? budget = null)
    {
        var units = Min(budget?.Left ?? MaxUnits, MaxUnits);
        var work = new WorkBudget(units);
        var verdict = kind == "verify" ? ReferenceVerifier.Verify(gold, prediction, extraction ?? new ExtractionSettings(), work) : Compare(gold, prediction, ComparePolicy.Fixed, work);
        budget?.TrySpend(units - work.Left);
        return verdict;
    }

    internal static MathVerdict Compare(string gold, string prediction, ComparePolicy policy, WorkBudget budget)
    {
        ParsedAnswer? parsedGold = null;
        ParsedAnswer? parsed = null;
        try
        {
            parsedGold = GoldAnswer.Parse(gold, budget);
            if (parsedGold.Source.Length == 0) return new MathVerdict(null, "invalid", new Reason("no_ground_truth", "The gold answer is empty."), null, null);
            parsed = AnswerParser.Parse(prediction, budget);
            var (equal, code) = new AnswerComparer(policy, budget).Compare(parsedGold, parsed);
            return new MathVerdict(equal, "scored", new Reason(code, Sentence(code)), parsedGold.Form, parsed.Form);
        }
        catch (WorkBudgetSpentException)
        {
            if (parsedGold is null) return new MathVerdict(null, "invalid", new Reason("gold_over_budget", Sentence("gold_over_budget")), null, null);
            var same = parsed is not null && parsed.Source == parsedGold.Source;
            return new MathVerdict(same, "scored", new Reason(same ? "equal_text" : "over_budget", Sentence(same ? "equal_text" : "over_budget")), parsedGold.Form, parsed?.Form);
        }
    }

    internal static string Sentence(string code) => code switch
    {
        "equal_exactly" => "The answer equals the gold answer exactly.",
        "equal_numerically" => "The answer agrees with the gold answer to 50 digits and more at every point tried.",
        "equal_rounded" => "One of the two is the other's rounding to enough places.",
        "equal_choice" => "The answer chooses the right letter.",
        "equal_text" => "The answer is the same text as the gold answer.",
        "different_choice" => "The answer chooses another letter.",
        "different_value" => "The answer has another value than the gold answer.",
        "free_variables" => "The answer has variables that the gold answer has not.",
        "not_comparable" => "No value could be computed in which the two agree.",
        "no_answer" => "There is no answer in the response.",
        "boxes_disagree" => "Boxes side by side hold different answers.",
        "prediction_unparsed" => "The answer could not be read as mathematics and is not the gold answer's text.",
        "gold_unparsed" => "The gold answer could only be compared as text, and the answer is another text.",
        "over_budget" => "The answer takes more work than is allowed.",
        "gold_over_budget" => "The gold answer takes more work than is allowed.",
        _ => "",
    };
}
