using Fleet.Rewards.Math.Exact;
using Fleet.Rewards.Math.Expressions;
using Fleet.Rewards.Math.Latex;

namespace Fleet.Rewards.Math.Equality;

/// <summary>Values with units: converted where both sides have units that measure the same, different where they measure nothing in common, else compared without them.</summary>
internal static class Quantities
{
    /// <summary>The verdict where both sides have known units; null where units do not decide.</summary>
    public static Equal? Compare(Expr gold, Expr prediction, ScalarEquality scalars, WorkBudget budget)
    {
        if (HalfOfDay(gold) is { } half && HalfOfDay(prediction) is { } other && half != other) return Equal.No;
        if (IsDegrees(gold) != IsDegrees(prediction) && (IsRadians(gold) || IsRadians(prediction)))
            return scalars.Compare(InRadians(gold, budget) ?? Bare(gold, budget), InRadians(prediction, budget) ?? Bare(prediction, budget));
        if (Split(gold) is not { } goldMeasure || Split(prediction) is not { } measure) return null;
        if (!goldMeasure.IsComparable(measure)) return goldMeasure.Powers.Keys.Any(measure.Powers.ContainsKey) || IsLoose(goldMeasure) || IsLoose(measure) ? null : Equal.No;
        var (g, p) = (Bare(gold, budget), Bare(prediction, budget));
        if (goldMeasure.Size == measure.Size) return scalars.Compare(g, p);
        return scalars.Compare(Canonical.Of(Build.Multiply(new Number(goldMeasure.Size), g), budget), Canonical.Of(Build.Multiply(new Number(measure.Size), p), budget));
    }

    /// <summary>The value without its units.</summary>
    public static Expr Bare(Expr e, WorkBudget budget) => Canonical.Of(Substitution.WithoutUnits(e, _ => Number.One), budget);

    /// <summary>The value with units of one letter taken for variables, and whether there are any.</summary>
    public static Expr? WithLetters(Expr e, WorkBudget budget)
    {
        var found = false;
        var letters = Substitution.WithoutUnits(e, name =>
        {
            if (name.Length is 2 or 3 && name.All(char.IsAsciiLetterLower) && name != "deg")
            {
                found = true;
                return new Product([.. name.Select(c => WordParser.Letter(c.ToString()))]);
            }

            var bar = name.IndexOf('/', StringComparison.Ordinal);
            if (bar != 1 || name.Length is not (3 or 5) || (name.Length == 5 && name[3] != '^')) return new Unit(name);
            found = true;
            var below = WordParser.Letter(name[2..3]);
            return Build.Divide(WordParser.Letter(name[..1]), name.Length == 5 ? new Power(below, Build.Int(name[4] - '0')) : below);
        });
        return found ? Canonical.Of(letters, budget) : null;
    }

    /// <summary>A value times plain letters, all of which are names of units, with these units; null for anything else.</summary>
    public static Expr? WithUnits(Expr e)
    {
        if (e is not Product p || !Array.Exists(p.Factors, f => f is Symbol)) return null;
        var factors = Array.ConvertAll(p.Factors, f => f is Symbol { Name: var name } && Units.IsKnown(name) ? new Unit(name) : f);
        return Array.Exists(factors, f => f is Symbol) ? null : new Product(factors);
    }

    /// <summary>An angle given in degrees, in radians; null for anything else.</summary>
    public static Expr? InRadians(Expr e, WorkBudget budget) => IsDegrees(e)
        ? Canonical.Of(Substitution.WithoutUnits(e, _ => Build.Divide(Constant.Pi, Build.Int(180))), budget)
        : null;

    private static bool IsDegrees(Expr e) => Has(e, "deg");

    private static bool IsRadians(Expr e) => Has(e, "rad") || Has(e, "radian") || Has(e, "radians");

    private static bool Has(Expr e, string unit) => e is Unit only ? only.Name == unit : e is Product p && Array.Exists(p.Factors, f => f is Unit u && u.Name == unit);

    private static string? HalfOfDay(Expr e) => e is Product p ? p.Factors.OfType<Unit>().FirstOrDefault(u => u.Name is "AM" or "PM")?.Name : null;

    // Pounds are a mass and a currency, months and days have no fixed ratio.
    private static bool IsLoose(Measure measure) => measure.Powers.ContainsKey("sterling") || measure.Powers.ContainsKey("month");

    // What a product's units measure together; null for labels, sums, and no unit at all.
    private static Measure? Split(Expr e)
    {
        Measure? measure = null;
        foreach (var factor in e is Product p ? p.Factors : [e])
        {
            var (unit, exponent) = factor switch
            {
                Unit u => (u, Rational.One),
                Power { Base: Unit u, Exponent: Number { Value: { IsInteger: true } n } } => (u, n),
                _ => (null, Rational.Zero),
            };
            if (unit is null) continue;
            if (Rational.Abs(exponent) > 6 || Units.Find(unit.Name, (int)exponent.Numerator) is not { } one) return null;
            measure = (measure ?? Units.None).Times(one, 1);
        }

        return measure;
    }
}
