using Fleet.Rewards.Math.Expressions;

namespace Fleet.Rewards.Math.Equality;

/// <summary>Signs of plus or minus, written out as the values they stand for.</summary>
internal static class PlusMinus
{
    private const int MaxValues = 64;

    /// <summary>Whether a sign of plus or minus is somewhere in the tree.</summary>
    public static bool Occurs(Expr e) => e switch
    {
        Call c => c.Name == "pm" || Array.Exists(c.Arguments, Occurs),
        Sum s => Array.Exists(s.Terms, Occurs),
        Product p => Array.Exists(p.Factors, Occurs),
        Power p => Occurs(p.Base) || Occurs(p.Exponent),
        Sequence s => Array.Exists(s.Items, Occurs),
        Relation r => Array.Exists(r.Operands, Occurs),
        _ => false,
    };

    /// <summary>The values with each sign, distinct, in the order plus, minus; each sign on its own.</summary>
    public static Expr[]? Expand(Expr e, WorkBudget budget)
    {
        var values = new List<Expr>();
        var pending = new Queue<Expr>();
        pending.Enqueue(e);
        while (pending.TryDequeue(out var next))
        {
            budget.Spend(4);
            if (Replace(next, false) is { } plus)
            {
                pending.Enqueue(plus);
                pending.Enqueue(Replace(next, true)!);
                if (pending.Count + values.Count > MaxValues) return null;
                continue;
            }

            values.Add(Canonical.Of(next, budget));
        }

        return [.. values.DistinctBy(v => v.Form)];
    }

    // The tree with its first sign decided; null when there is none left.
    private static Expr? Replace(Expr e, bool minus)
    {
        switch (e)
        {
            case Call { Name: "pm" } c: return minus ? Build.Negate(c.Argument) : c.Argument;
            case Call c: return Replace(c.Arguments, minus) is { } arguments ? c with { Arguments = arguments } : null;
            case Sum s: return Replace(s.Terms, minus) is { } terms ? new Sum(terms) : null;
            case Product p: return Replace(p.Factors, minus) is { } factors ? new Product(factors) : null;
            case Power p: return Replace(p.Base, minus) is { } b ? new Power(b, p.Exponent) : Replace(p.Exponent, minus) is { } exponent ? new Power(p.Base, exponent) : null;
            case Sequence { Kind: SequenceKind.Tuple } s: return Replace(s.Items, minus) is { } items ? new Sequence(s.Kind, items) : null;
            case Relation r: return Replace(r.Operands, minus) is { } operands ? new Relation(operands, r.Operators) : null;
            default: return null;
        }
    }

    private static Expr[]? Replace(Expr[] items, bool minus)
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (Replace(items[i], minus) is not { } replaced) continue;
            var copy = (Expr[])items.Clone();
            copy[i] = replaced;
            return copy;
        }

        return null;
    }
}
