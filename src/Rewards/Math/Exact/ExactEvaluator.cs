using System.Numerics;
using Fleet.Rewards.Math.Expressions;

namespace Fleet.Rewards.Math.Exact;

/// <summary>Evaluates a canonical tree exactly, its atoms replaced by given rational numbers.</summary>
/// <param name="atoms">The values of free variables and other atoms, by form.</param>
/// <param name="realOnly">Whether roots of negative numbers have no value: at sample points of free variables.</param>
/// <param name="budget">Spent by the work done.</param>
internal sealed class ExactEvaluator(IReadOnlyDictionary<string, Rational> atoms, bool realOnly, WorkBudget budget)
{
    /// <summary>The greatest integer whose factorial is computed.</summary>
    public const int MaxFactorial = 3_000;

    private const int MaxTerms = 2_000;

    private readonly Dictionary<string, Rational> _bound = new(StringComparer.Ordinal);

    /// <summary>The value, or null when it is not a sum of roots, has no value, or is too large.</summary>
    public Algebraic? Evaluate(Expr e)
    {
        budget.Spend(20);
        switch (e)
        {
            case Number n: return Algebraic.Of(n.Value);
            case BasedInteger b: return Algebraic.Of(b.Value);
            case Constant { Kind: ConstantKind.I }: return _bound.TryGetValue("i", out var index) ? Algebraic.Of(index) : atoms.TryGetValue("i", out var named) ? Algebraic.Of(named) : Algebraic.I;
            case Sum s: return EvaluateAll(s.Terms, Algebraic.Zero, Algebraic.Add);
            case Product p: return EvaluateAll(p.Factors, Algebraic.Of(1), Algebraic.Multiply);
            case Power p: return EvaluatePower(p);
            case Ratio { Parts: [var up, var down] }: return Evaluate(down)?.Invert(budget) is { } inverse && Evaluate(up) is { } upper ? Algebraic.Multiply(upper, inverse, budget) : null;
            case Call c when !atoms.ContainsKey(e.Form): return EvaluateCall(c);
            case Bound b when !atoms.ContainsKey(e.Form): return EvaluateBound(b);
            case Symbol s when _bound.TryGetValue(s.Name, out var value): return Algebraic.Of(value);
            default: return atoms.TryGetValue(e.Form, out var atom) ? Algebraic.Of(atom) : null;
        }
    }

    private Algebraic? EvaluateAll(Expr[] parts, Algebraic start, Func<Algebraic, Algebraic, WorkBudget, Algebraic?> combine)
    {
        var value = start;
        foreach (var part in parts)
        {
            if (Evaluate(part) is not { } next || combine(value, next, budget) is not { } combined) return null;
            value = combined;
        }

        return value;
    }

    private Algebraic? EvaluatePower(Power p)
    {
        if (Evaluate(p.Exponent)?.AsRational is not { } exponent || Evaluate(p.Base) is not { } b) return null;
        return exponent.IsInteger ? b.Pow(exponent.Numerator, budget) : b.PowBroken(exponent, realOnly, budget);
    }

    private Algebraic? EvaluateCall(Call c)
    {
        var arguments = new Rational[c.Arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            if (c.Name is not ("factorial" or "binom" or "abs" or "floor" or "ceil" or "gcd" or "lcm" or "max" or "min" or "doublefactorial" or "sgn")) return null;
            if (Evaluate(c.Arguments[i])?.AsRational is not { } argument) return null;
            arguments[i] = argument;
        }

        return (c.Name, arguments) switch
        {
            ("abs", [var x]) => Algebraic.Of(Rational.Abs(x)),
            ("sgn", [var x]) => Algebraic.Of(x.Sign),
            ("floor", [var x]) => Algebraic.Of(x.Floor()),
            ("ceil", [var x]) => Algebraic.Of(-(-x).Floor()),
            ("factorial", [var x]) => Factorial(x, 1),
            ("doublefactorial", [var x]) => Factorial(x, 2),
            ("binom", [var n, var k]) => Binomial(n, k),
            ("max", { Length: > 0 }) => Algebraic.Of(arguments.Max()),
            ("min", { Length: > 0 }) => Algebraic.Of(arguments.Min()),
            ("gcd", { Length: > 1 }) when Array.TrueForAll(arguments, a => a.IsInteger) => Algebraic.Of(arguments.Select(a => a.Numerator).Aggregate(BigInteger.GreatestCommonDivisor)),
            ("lcm", { Length: > 1 }) when Array.TrueForAll(arguments, a => a.IsInteger && !a.IsZero) =>
                Algebraic.Of(arguments.Select(a => a.Numerator).Aggregate((a, b) => BigInteger.Abs(a * b) / BigInteger.GreatestCommonDivisor(a, b))),
            _ => null,
        };
    }

    private Algebraic? Factorial(Rational x, int step)
    {
        if (!x.IsInteger || x.Sign < 0 || x > MaxFactorial) return null;
        var n = (int)x.Numerator;
        budget.Spend(40 + 4L * n + (long)n * n / 12);
        return Algebraic.Of(Product(1, n, step));

        // Halves of similar size keep the factors balanced.
        static BigInteger Product(int low, int high, int step)
        {
            if (step != 1)
            {
                BigInteger product = 1;
                for (var i = high; i > 1; i -= step) product *= i;
                return product;
            }

            if (high - low < 8)
            {
                BigInteger product = 1;
                for (var i = Max(low, 1); i <= high; i++) product *= i;
                return product;
            }

            var middle = (low + high) / 2;
            return Product(low, middle, 1) * Product(middle + 1, high, 1);
        }
    }

    private Algebraic? Binomial(Rational n, Rational k)
    {
        if (!k.IsInteger || k.Sign < 0 || k > MaxFactorial || n.Bits > 128) return null;
        if (n.IsInteger && n.Sign >= 0)
        {
            if (k > n) return Algebraic.Zero;
            if (n - k < k) k = n - k;
        }

        var value = Rational.One;
        for (var i = 0; i < (int)k.Numerator; i++)
        {
            budget.Spend(4 + value.Bits / 16);
            value = value * (n - i) / (i + 1);
        }

        return Algebraic.Of(value);
    }

    private Algebraic? EvaluateBound(Bound b)
    {
        if (b.Name is not ("sum" or "prod") || b.Variable.Length == 0 || b.Lower is null || b.Upper is null || _bound.Count > 3) return null;
        if (Evaluate(b.Lower)?.AsRational is not { IsInteger: true } lower || Evaluate(b.Upper)?.AsRational is not { IsInteger: true } upper) return null;
        if (upper.Numerator - lower.Numerator > MaxTerms) return null;

        var shadowed = _bound.TryGetValue(b.Variable, out var outer);
        var sum = b.Name == "sum";
        Algebraic? value = sum ? Algebraic.Zero : Algebraic.Of(1);
        for (var k = lower.Numerator; k <= upper.Numerator && value is not null; k++)
        {
            _bound[b.Variable] = k;
            value = Evaluate(b.Body) is { } term ? sum ? Algebraic.Add(value, term, budget) : Algebraic.Multiply(value, term, budget) : null;
        }

        if (shadowed) _bound[b.Variable] = outer;
        else _bound.Remove(b.Variable);
        return value;
    }
}
