using System.Text.Json.Nodes;
using Fleet.Rewards.Math.Equality;
using Fleet.Rewards.Math.Expressions;
using Fleet.Rewards.Math.Extraction;
using Fleet.Rewards.Math.Latex;

namespace Fleet.Rewards.Math.Steps;

/// <summary>One link of a chain of equalities: two members side by side, and whether they are equal.</summary>
/// <param name="Left">The left member as written.</param>
/// <param name="Right">The right member as written.</param>
/// <param name="At">Where the chain begins in the response, in UTF-16 units.</param>
/// <param name="Holds">Whether the two are equal; null when that cannot be decided.</param>
internal sealed record StepLink(string Left, string Right, int At, bool? Holds);

/// <summary>The links that were found in a response.</summary>
internal sealed record StepReport(IReadOnlyList<StepLink> Links)
{
    /// <summary>The share of decided links that hold; 1 when there is none.</summary>
    public double Share
    {
        get
        {
            var decided = Links.Count(l => l.Holds is not null);
            return decided == 0 ? 1 : (double)Links.Count(l => l.Holds == true) / decided;
        }
    }

    public JsonArray ToJson() => [.. Links.Select(l => (JsonNode)new JsonObject { ["left"] = l.Left, ["right"] = l.Right, ["at"] = l.At, ["holds"] = l.Holds })];
}

/// <summary>Checks chains of equalities link by link: calculator marks, formulas, lines of arithmetic.</summary>
/// <remarks>A link with variables counts only when it is an identity or a contradiction between numbers: x = 3 claims nothing that could be checked.</remarks>
internal static class StepCheck
{
    private const int MaxLinks = 200;
    private const long BudgetPerResponse = 4_000_000;

    public static StepReport Of(string response)
    {
        var links = new List<StepLink>();
        var budget = new WorkBudget(BudgetPerResponse);
        try
        {
            foreach (var (at, chain) in Chains(response))
            {
                if (links.Count >= MaxLinks) break;
                Check(chain, at, links, budget);
            }
        }
        catch (WorkBudgetSpentException)
        {
            // What was checked before stands.
        }

        return new StepReport(links);
    }

    private static IEnumerable<(int At, string Chain)> Chains(string response)
    {
        for (var at = response.IndexOf("<<", StringComparison.Ordinal); at >= 0; at = response.IndexOf("<<", at + 2, StringComparison.Ordinal))
        {
            var end = response.IndexOf(">>", at + 2, StringComparison.Ordinal);
            if (end < 0) break;
            if (end - at < 200) yield return (at, response[(at + 2)..end]);
        }

        foreach (var formula in Formulas.Find(response))
        {
            if (formula.Content.Contains('=') && formula.Content.Length < 2_000) yield return (formula.Start, formula.Content);
        }
    }

    private static void Check(string chain, int at, List<StepLink> links, WorkBudget budget)
    {
        if (ExpressionParser.Parse(AnswerParser.Clean(PlainSigns.Rewrite(chain)), budget, out _) is not { } parsed) return;
        foreach (var relation in Relations(parsed))
        {
            for (var i = 0; i < relation.Operators.Length && links.Count < MaxLinks; i++)
            {
                if (relation.Operators[i] != "=") continue;
                var (left, right) = (Canonical.Of(relation.Operands[i], budget), Canonical.Of(relation.Operands[i + 1], budget));
                links.Add(new StepLink(left.Form, right.Form, at, Holds(left, right, budget)));
            }
        }
    }

    private static IEnumerable<Relation> Relations(Expr e) => e switch
    {
        Relation r => [r],
        Sequence s => s.Items.OfType<Relation>(),
        _ => [],
    };

    private static bool? Holds(Expr left, Expr right, WorkBudget budget)
    {
        var (l, r) = (Quantities.Bare(left, budget), Quantities.Bare(right, budget));
        var (a, b) = (Atoms.Of(l), Atoms.Of(r));
        if (!a.IsScalar || !b.IsScalar) return null;
        var verdict = new ScalarEquality(ComparePolicy.Fixed with { RoundingPlaces = 1 }, budget).Compare(l, r);
        if (verdict is Equal.Exactly or Equal.Numerically or Equal.Rounded) return true;

        // Unequal expressions in variables may be an equation to solve.
        return verdict == Equal.No && a.Forms.Count == 0 && b.Forms.Count == 0 ? false : null;
    }
}
