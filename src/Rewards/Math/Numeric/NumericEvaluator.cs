using System.Numerics;
using Fleet.Rewards.Math.Exact;
using Fleet.Rewards.Math.Expressions;

namespace Fleet.Rewards.Math.Numeric;

/// <summary>Evaluates a canonical tree to a certified precision, its atoms replaced by given rational numbers.</summary>
/// <param name="atoms">The values of free variables and other atoms, by form.</param>
/// <param name="realOnly">Whether roots and logarithms of negative numbers have no value: at sample points of free variables.</param>
/// <param name="precision">Bits that are carried.</param>
/// <param name="budget">Spent by the work done.</param>
internal sealed class NumericEvaluator(IReadOnlyDictionary<string, Rational> atoms, bool realOnly, int precision, WorkBudget budget)
{
    private const int MaxTerms = 400;

    private readonly Dictionary<string, Rational> _bound = new(StringComparer.Ordinal);

    /// <summary>The value, or null when it is undefined, too large, or not sharp enough at this precision.</summary>
    public ComplexBall? Evaluate(Expr e)
    {
        budget.Spend(precision / 8);
        switch (e)
        {
            case Number n: return Of(n.Value);
            case BasedInteger b: return Of(b.Value);
            case Symbol s when _bound.TryGetValue(s.Name, out var index): return Of(index);
            case Constant c: return EvaluateConstant(c);
            case Sum s: return EvaluateSum(s);
            case Product p: return EvaluateProduct(p);
            case Power p: return EvaluatePower(p);
            case Ratio { Parts: [var up, var down] }: return Evaluate(up) is { } u && Evaluate(down) is { } d && ComplexBall.Invert(d, precision) is { } inverse ? ComplexBall.Multiply(u, inverse, precision) : null;
            case Call c when !atoms.ContainsKey(e.Form): return EvaluateCall(c);
            case Bound b when !atoms.ContainsKey(e.Form): return EvaluateBound(b);
            default: return atoms.TryGetValue(e.Form, out var atom) ? Of(atom) : null;
        }
    }

    private ComplexBall Of(Rational value)
    {
        budget.Spend(value.Bits / 8);
        return ComplexBall.Of(Ball.Of(value, precision));
    }

    private ComplexBall? EvaluateConstant(Constant c)
    {
        if (c.Kind == ConstantKind.Infinity) return null;
        if (c.Kind == ConstantKind.I && _bound.TryGetValue("i", out var index)) return Of(index);
        if (atoms.TryGetValue(c.Form, out var atom)) return Of(atom);
        budget.Spend(40);
        return c.Kind switch
        {
            ConstantKind.Pi => ComplexBall.Of(Elementary.Pi(precision)),
            ConstantKind.E => Elementary.Exp(Ball.One, precision) is { } e ? ComplexBall.Of(e) : null,
            _ => new ComplexBall(Ball.Zero, Ball.One),
        };
    }

    private ComplexBall? EvaluateSum(Sum s)
    {
        var sum = ComplexBall.Of(Ball.Zero);
        foreach (var term in s.Terms)
        {
            if (Evaluate(term) is not { } value) return null;
            sum = ComplexBall.Add(sum, value, precision);
        }

        return sum;
    }

    private ComplexBall? EvaluateProduct(Product p)
    {
        var degrees = false;
        var product = ComplexBall.Of(Ball.One);
        foreach (var factor in p.Factors)
        {
            if (factor is Unit { Name: "deg" } && !atoms.ContainsKey(factor.Form))
            {
                degrees = true;
                continue;
            }

            if (Evaluate(factor) is not { } value) return null;
            product = ComplexBall.Multiply(product, value, precision);
        }

        return degrees ? ComplexBall.Multiply(product, Degree(), precision) : product;
    }

    private ComplexBall Degree() => ComplexBall.Multiply(ComplexBall.Of(Elementary.Pi(precision)), Of(Rational.Of(1, 180)), precision);

    private ComplexBall? EvaluatePower(Power p)
    {
        budget.Spend(40);
        if (p.Base is Constant { Kind: ConstantKind.E } && !atoms.ContainsKey("e")) return Evaluate(p.Exponent) is { } x ? Exp(x) : null;
        if (Evaluate(p.Base) is not { } b) return null;
        if (p.Exponent is Number { Value: var exponent })
        {
            if (exponent.IsInteger) return BigInteger.Abs(exponent.Numerator) < long.MaxValue / 2 ? Integer(b, (long)exponent.Numerator) : null;
            if (exponent.Denominator == 2 && BigInteger.Abs(exponent.Numerator) < 1_000)
            {
                if (realOnly && (!b.IsReal || b.Re.Sign < 0)) return null;
                return ComplexBall.Sqrt(b, precision) is { } root ? Integer(root, (long)exponent.Numerator) : null;
            }

            // The real root where there is one.
            if (b.IsReal && b.Re.Sign < 0 && !exponent.Denominator.IsEven)
            {
                var magnitude = General(-b, Of(exponent));
                return magnitude is { } m ? exponent.Numerator.IsEven ? m : -m : null;
            }
        }

        if (b.IsExactZero) return null;
        if (realOnly && (!b.IsReal || b.Re.Sign < 0)) return null;
        return Evaluate(p.Exponent) is { } general ? General(b, general) : null;
    }

    private ComplexBall? Integer(ComplexBall b, long exponent)
    {
        budget.Spend(4 * precision);
        return ComplexBall.Pow(b, exponent, precision);
    }

    private ComplexBall? General(ComplexBall b, ComplexBall exponent)
    {
        if (Log(b) is not { } log) return null;
        return Exp(ComplexBall.Multiply(log, exponent, precision));
    }

    private ComplexBall? Exp(ComplexBall x)
    {
        budget.Spend(12 * precision);
        return ComplexBall.Exp(x, precision);
    }

    private ComplexBall? Log(ComplexBall x)
    {
        budget.Spend(24 * precision);
        if (realOnly && (!x.IsReal || x.Re.Sign <= 0)) return null;
        return ComplexBall.Log(x, precision);
    }

    private ComplexBall? EvaluateCall(Call c)
    {
        budget.Spend(16);
        if (c.Arguments.Length == 0 || Evaluate(c.Arguments[0]) is not { } x) return null;
        switch (c.Name)
        {
            case "ln": return Log(x);
            case "log":
                if (c.Arguments.Length != 2 || Evaluate(c.Arguments[1]) is not { } b || Log(x) is not { } up || Log(b) is not { } down) return null;
                return ComplexBall.Invert(down, precision) is { } inverse ? ComplexBall.Multiply(up, inverse, precision) : null;
            case "abs" when x.IsReal: return x.Re.Sign >= 0 && !x.Re.ContainsZero || x.IsExactZero ? x : x.Re.Sign < 0 ? -x : null;
            case "abs":
                var norm = Ball.Add(Ball.Multiply(x.Re, x.Re, precision), Ball.Multiply(x.Im, x.Im, precision), precision);
                return Ball.Sqrt(norm, precision) is { } root ? ComplexBall.Of(root) : null;
            case "factorial": return Factorial(c.Arguments[0]);
            case "max" or "min": return Extreme(c, x);
            case "floor" or "ceil": return x.IsReal ? Whole(x.Re, c.Name == "ceil") : null;
            default: return Trigonometry.Evaluate(c.Name, x, precision, budget);
        }
    }

    // The integer below or above, where the bounds leave only one.
    private ComplexBall? Whole(Ball x, bool up)
    {
        if (x.Magnitude > precision) return null;
        if (up) return Whole(-x, false) is { } below ? -below : null;
        var (mid, radius) = (x.ToFixed(64), x.RadiusToFixed(64));
        var (low, high) = ((mid - radius) >> 64, (mid + radius) >> 64);
        return low == high ? ComplexBall.Of(new Ball(low, 0, 0)) : null;
    }

    private ComplexBall? Factorial(Expr argument)
    {
        var exact = new ExactEvaluator(atoms, realOnly, budget).Evaluate(Build.Call("factorial", argument));
        return exact?.AsRational is { } value ? Of(value) : null;
    }

    private ComplexBall? Extreme(Call c, ComplexBall first)
    {
        var best = first;
        foreach (var argument in c.Arguments.Skip(1))
        {
            if (!best.IsReal || Evaluate(argument) is not { IsReal: true } next) return null;
            var sign = Ball.Add(next.Re, -best.Re, precision).Sign;
            if (sign == 0) return null;
            if (sign > 0 == (c.Name == "max")) best = next;
        }

        return best;
    }

    private ComplexBall? EvaluateBound(Bound b)
    {
        if (b.Name is not ("sum" or "prod") || b.Variable.Length == 0 || b.Lower is null || b.Upper is null || _bound.Count > 2) return null;
        if (Integer(b.Lower) is not { } lower || Integer(b.Upper) is not { } upper || upper - lower > MaxTerms) return null;
        var shadowed = _bound.TryGetValue(b.Variable, out var outer);
        var sum = b.Name == "sum";
        ComplexBall? value = ComplexBall.Of(sum ? Ball.Zero : Ball.One);
        for (var k = lower; k <= upper && value is not null; k++)
        {
            _bound[b.Variable] = k;
            value = Evaluate(b.Body) is { } term ? sum ? ComplexBall.Add(value.Value, term, precision) : ComplexBall.Multiply(value.Value, term, precision) : null;
        }

        if (shadowed) _bound[b.Variable] = outer;
        else _bound.Remove(b.Variable);
        return value;
    }

    private BigInteger? Integer(Expr e)
    {
        var values = new Dictionary<string, Rational>(atoms, StringComparer.Ordinal);
        return new ExactEvaluator(values, realOnly, budget).Evaluate(e)?.AsRational is { IsInteger: true } n ? n.Numerator : null;
    }
}
