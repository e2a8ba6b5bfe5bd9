using Fleet.Rewards.Math.Extraction;

namespace Fleet.Rewards.Math.Latex;

/// <summary>A gold answer: bare LaTeX, LaTeX between dollar signs, a box, or a longer text with a box in it.</summary>
internal static class GoldAnswer
{
    public static ParsedAnswer Parse(string gold, WorkBudget budget)
    {
        budget.Spend(gold.Length / 8);
        if (Boxes.Find(gold) is [.., var last]) gold = last.Content;
        return AnswerParser.Parse(gold, budget);
    }
}
