using Fleet.Rewards.Math.Exact;
using Fleet.Rewards.Math.Expressions;
using Fleet.Rewards.Math.Latex;

namespace Fleet.Rewards.Math.Equality;

/// <summary>Values with units: converted where both sides have units of one dimension, else compared without them.</summary>
internal static class Quantities
{
    /// <summary>The verdict where both sides have known units of one dimension; null where units do not decide.</summary>
    public static Equal? Compare(Expr gold, Expr prediction, ScalarEquality scalars, WorkBudget budget)
    {
        if (HalfOfDay(gold) is { } half && HalfOfDay(prediction) is { } other && half != other) return Equal.No;
        if (Split(gold) is not var (goldDimension, goldSize) || Split(prediction) is not var (dimension, size) || goldDimension != dimension) return null;
        var (g, p) = (Bare(gold, budget), Bare(prediction, budget));
        if (goldSize == size) return scalars.Compare(g, p);
        return scalars.Compare(Canonical.Of(Build.Multiply(new Number(goldSize), g), budget), Canonical.Of(Build.Multiply(new Number(size), p), budget));
    }

    /// <summary>The value without its units.</summary>
    public static Expr Bare(Expr e, WorkBudget budget) => Canonical.Of(Substitution.WithoutUnits(e, _ => Number.One), budget);

    /// <summary>An angle given in degrees, in radians; null for anything else.</summary>
    public static Expr? InRadians(Expr e, WorkBudget budget) => e is Product p && Array.Exists(p.Factors, f => f is Unit { Name: "deg" })
        ? Canonical.Of(Substitution.WithoutUnits(e, _ => Build.Divide(Constant.Pi, Build.Int(180))), budget)
        : null;

    private static string? HalfOfDay(Expr e) => e is Product p ? p.Factors.OfType<Unit>().FirstOrDefault(u => u.Name is "AM" or "PM")?.Name : null;

    // The dimension of a product as text and its size in base units; null for labels, sums, and no unit at all.
    private static (string Dimension, Rational Size)? Split(Expr e)
    {
        var factors = e is Product p ? p.Factors : [e];
        var powers = new SortedDictionary<string, Rational>(StringComparer.Ordinal);
        var size = Rational.One;
        foreach (var factor in factors)
        {
            var (unit, exponent) = factor switch
            {
                Unit u => (u, Rational.One),
                Power { Base: Unit u, Exponent: Number { Value: { IsInteger: true } n } } => (u, n),
                _ => (null, Rational.Zero),
            };
            if (unit is null) continue;
            if (Units.Find(unit.Name) is not var (dimension, one) || Rational.Abs(exponent) > 6) return null;
            powers[dimension] = powers.TryGetValue(dimension, out var known) ? known + exponent : exponent;
            size *= Rational.Pow(one, (int)exponent.Numerator);
        }

        return powers.Count == 0 ? null : (string.Join(' ', powers.Select(d => $"{d.Key}^{d.Value}")), size);
    }
}
