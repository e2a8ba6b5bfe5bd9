using Fleet.Rewards.Math.Equality;

namespace Fleet.Rewards.Math.Extraction;

/// <summary>Extracts from two texts by the rules of the reference library and compares what was found.</summary>
internal static class ReferenceVerifier
{
    public static MathVerdict Verify(string gold, string prediction, ExtractionSettings settings, WorkBudget budget)
    {
        var goldDone = false;
        try
        {
            var g = ReferenceExtraction.Extract(gold, settings, budget);
            goldDone = true;
            if (g is null) return new MathVerdict(false, "scored", new Reason("gold_unparsed", MathVerifier.Sentence("gold_unparsed")), null, null);
            var p = ReferenceExtraction.Extract(prediction, settings, budget);
            if (p is null) return new MathVerdict(false, "scored", new Reason("no_answer", MathVerifier.Sentence("no_answer")), g.Form, null);
            var policy = ComparePolicy.Reference with { Rounding = settings.FloatRounding, RelationForSet = settings.AllowSetRelationComparison, AnyNames = !settings.Strict };
            var (equal, code) = new AnswerComparer(policy, budget).Compare(g, p);
            if (!equal && g.Source.Trim() == p.Source.Trim()) (equal, code) = (true, "equal_text");
            return new MathVerdict(equal, "scored", new Reason(code, MathVerifier.Sentence(code)), g.Form, p.Form);
        }
        catch (WorkBudgetSpentException)
        {
            return goldDone
                ? new MathVerdict(false, "scored", new Reason("over_budget", MathVerifier.Sentence("over_budget")), null, null)
                : new MathVerdict(null, "invalid", new Reason("gold_over_budget", MathVerifier.Sentence("gold_over_budget")), null, null);
        }
    }
}
