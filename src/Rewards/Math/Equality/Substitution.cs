using Fleet.Rewards.Math.Expressions;

namespace Fleet.Rewards.Math.Equality;

/// <summary>Trees with some of their atoms replaced.</summary>
internal static class Substitution
{
    /// <summary>Replaces atoms by form.</summary>
    public static Expr Apply(Expr e, IReadOnlyDictionary<string, Expr> names)
    {
        if (e is Symbol or TextValue or Unit or Call or Constant && names.TryGetValue(e.Form, out var replaced)) return replaced;
        Expr[] All(Expr[] items) => [.. items.Select(i => Apply(i, names))];
        return e switch
        {
            Sum s => new Sum(All(s.Terms)),
            Product p => new Product(All(p.Factors)),
            Power p => new Power(Apply(p.Base, names), Apply(p.Exponent, names)),
            Call c => c with { Arguments = All(c.Arguments) },
            Bound b => b with { Body = Apply(b.Body, names), Lower = b.Lower is null ? null : Apply(b.Lower, names), Upper = b.Upper is null ? null : Apply(b.Upper, names) },
            Sequence s => new Sequence(s.Kind, All(s.Items), s.Either),
            Relation r => new Relation(All(r.Operands), r.Operators),
            Interval i => new Interval(i.LeftClosed, Apply(i.Left, names), Apply(i.Right, names), i.RightClosed),
            Ratio r => new Ratio(All(r.Parts)),
            _ => e,
        };
    }

    /// <summary>Replaces units everywhere but under functions of angles.</summary>
    public static Expr WithoutUnits(Expr e, Func<string, Expr> value) => e switch
    {
        Unit u => value(u.Name),
        Sum s => new Sum([.. s.Terms.Select(t => WithoutUnits(t, value))]),
        Product p => new Product([.. p.Factors.Select(f => WithoutUnits(f, value))]),
        Power p => new Power(WithoutUnits(p.Base, value), p.Exponent),
        Ratio r => new Ratio([.. r.Parts.Select(t => WithoutUnits(t, value))]),
        _ => e,
    };

    public static bool HasUnit(Expr e) => e switch
    {
        Unit => true,
        Sum s => Array.Exists(s.Terms, HasUnit),
        Product p => Array.Exists(p.Factors, HasUnit),
        Power p => HasUnit(p.Base),
        Ratio r => Array.Exists(r.Parts, HasUnit),
        _ => false,
    };

    /// <summary>Whether pi and e stand only in sums, products and integer powers: an identity in them is then one of polynomials.</summary>
    public static bool IsPolynomialLike(Expr e) => e switch
    {
        Sum s => Array.TrueForAll(s.Terms, IsPolynomialLike),
        Product p => Array.TrueForAll(p.Factors, IsPolynomialLike),
        Power { Exponent: Number { Value.IsInteger: true } } p => IsPolynomialLike(p.Base),
        Ratio r => Array.TrueForAll(r.Parts, IsPolynomialLike),
        Power or Call or Bound => !HasTranscendental(e),
        _ => true,
    };

    private static bool HasTranscendental(Expr e) => Atoms.Of(e) is { HasPi: true } or { HasE: true };
}
