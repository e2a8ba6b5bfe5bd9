using System.Numerics;
using Fleet.Rewards.Math.Exact;

namespace Fleet.Rewards.Math.Expressions;

/// <summary>The canonical form of a tree: sums and products flat and sorted, numbers folded, like terms and equal bases collected.</summary>
/// <remarks>Equal forms mean equal values. Unequal forms mean nothing yet: no brackets are multiplied out here.</remarks>
internal static class Canonical
{
    /// <summary>Bits of a number that is folded; a larger power stays a power.</summary>
    public const long MaxBits = 100_000;

    public static Expr Of(Expr e, WorkBudget budget)
    {
        budget.Spend(30);
        switch (e)
        {
            case Sum sum: return OfSum(sum, budget);
            case Product product: return OfProduct(product, budget);
            case Power power: return OfPower(Of(power.Base, budget), Of(power.Exponent, budget), budget);
            case Call call: return OfCall(call.Name, All(call.Arguments, budget), budget);
            case Bound b: return b with { Lower = b.Lower is null ? null : Of(b.Lower, budget), Upper = b.Upper is null ? null : Of(b.Upper, budget), Body = Of(b.Body, budget) };
            case Sequence s: return OfSequence(s, All(s.Items, budget));
            case Interval i: return OfInterval(i, Of(i.Left, budget), Of(i.Right, budget));
            case Matrix m: return new Matrix([.. m.Rows.Select(r => All(r, budget))]);
            case Relation r: return new Relation(All(r.Operands, budget), r.Operators);
            case Ratio r: return new Ratio(All(r.Parts, budget));
            case Phrase p: return new Phrase(All(p.Parts, budget));
            default: return e;
        }
    }

    private static Expr[] All(Expr[] items, WorkBudget budget)
    {
        var canonical = new Expr[items.Length];
        for (var i = 0; i < items.Length; i++) canonical[i] = Of(items[i], budget);
        return canonical;
    }

    private static Sequence OfSequence(Sequence sequence, Expr[] items) =>
        new(sequence.Kind, sequence.Kind == SequenceKind.Set ? [.. items.DistinctBy(i => i.Form)] : items, sequence.Either);

    // An infinite end is always open.
    private static Expr OfInterval(Interval i, Expr left, Expr right)
    {
        var (leftClosed, rightClosed) = (i.LeftClosed && !IsInfinite(left), i.RightClosed && !IsInfinite(right));
        return leftClosed || rightClosed ? new Interval(leftClosed, left, right, rightClosed) : new Sequence(SequenceKind.Tuple, [left, right]);
    }

    public static bool IsInfinite(Expr e) => e is Constant { Kind: ConstantKind.Infinity } || e is Product { Factors: [Number, Constant { Kind: ConstantKind.Infinity }] };

    private static readonly Comparison<Expr> ByForm = (a, b) => string.CompareOrdinal(a.Form, b.Form);

    private static Expr OfSum(Sum sum, WorkBudget budget)
    {
        var constant = Rational.Zero;
        Number? literal = null;
        var count = 0;
        var coefficients = new Dictionary<string, (Rational Coefficient, Expr Factor)>(StringComparer.Ordinal);
        Matrix? matrix = null;
        var pending = new Stack<Expr>(sum.Terms.Reverse());
        while (pending.TryPop(out var next))
        {
            var term = next is Sum ? next : Of(next, budget);
            switch (term)
            {
                case Sum inner:
                    foreach (var t in inner.Terms.Reverse()) pending.Push(t);
                    continue;
                case Number n:
                    Charge(constant, n.Value, budget);
                    constant += n.Value;
                    literal = n;
                    break;
                case Matrix m when matrix is null && coefficients.Count == 0 && count == 0: matrix = m; break;
                case Matrix m when matrix is not null && MatrixArithmetic.Add(matrix, m, budget) is { } added: matrix = added; break;
                default:
                    var (coefficient, rest) = Split(term);
                    budget.Spend(20L * rest.Form.Length);
                    coefficients[rest.Form] = coefficients.TryGetValue(rest.Form, out var known) ? (known.Coefficient + coefficient, rest) : (coefficient, rest);
                    break;
            }

            count++;
            budget.Spend(4);
        }

        if (matrix is not null) return coefficients.Count == 0 && constant.IsZero ? matrix : new Sum([matrix, .. coefficients.Values.Select(c => Scale(c.Coefficient, c.Factor)), new Number(constant)]);
        if (count == 1 && literal is not null) return literal;
        var terms = new List<Expr>(coefficients.Count + 1);
        foreach (var (coefficient, rest) in coefficients.Values)
        {
            if (!coefficient.IsZero) terms.Add(Scale(coefficient, rest));
            else if (IsInfinite(rest)) return Build.Call("undefined", rest);
        }

        if (terms.Count == 0) return new Number(constant);
        terms.Sort(ByForm);
        if (!constant.IsZero) terms.Add(new Number(constant));
        return terms.Count == 1 ? terms[0] : new Sum([.. terms]);
    }

    private static (Rational Coefficient, Expr Factor) Split(Expr term) => term is Product { Factors: [Number n, .. var rest] }
        ? (n.Value, rest.Length == 1 ? rest[0] : new Product(rest))
        : (Rational.One, term);

    private static Expr Scale(Rational coefficient, Expr rest)
    {
        if (coefficient.IsOne) return rest;
        return rest is Product p ? new Product([new Number(coefficient), .. p.Factors]) : new Product([new Number(coefficient), rest]);
    }

    private static Expr OfProduct(Product product, WorkBudget budget)
    {
        var number = Number.One;
        var bases = new Dictionary<string, (Expr Base, Rational Exponent)>(StringComparer.Ordinal);
        var others = new List<Expr>();
        Matrix? matrix = null;
        var pending = new Stack<Expr>(product.Factors.Reverse());
        while (pending.TryPop(out var next))
        {
            budget.Spend(4);
            var factor = next is Product ? next : Of(next, budget);
            switch (factor)
            {
                case Product inner:
                    foreach (var f in inner.Factors.Reverse()) pending.Push(f);
                    break;
                case Number n:
                    Charge(number.Value, n.Value, budget);
                    number = Times(number, n);
                    break;
                case Matrix m when matrix is null: matrix = m; break;
                case Matrix m: matrix = MatrixArithmetic.Multiply(matrix, m, budget) ?? matrix; break;
                case Constant { Kind: ConstantKind.Infinity } or Power { Base: Constant { Kind: ConstantKind.Infinity } }: others.Add(factor); break;
                case Power { Exponent: Number exponent } p when exponent.Value.IsInteger || p.Base is Number or Constant: Collect(bases, p.Base, exponent.Value); break;
                case Symbol or Constant or Call or Sum or Unit:
                    budget.Spend(20L * factor.Form.Length);
                    Collect(bases, factor, Rational.One);
                    break;
                default: others.Add(factor); break;
            }
        }

        if (number.Value.IsZero && (bases.ContainsKey("0") || others.Exists(o => o is Constant or Power { Base: Constant }))) return Build.Call("undefined", number);
        if (number.Value.IsZero) return matrix is null ? number : MatrixArithmetic.Scale(matrix, number, budget);
        foreach (var (b, exponent) in bases.Values)
        {
            if (exponent.IsZero) continue;
            var power = exponent.IsOne ? b : OfPower(b, new Number(exponent), budget);
            if (power is Number n) number = Times(number, n);
            else if (power is Product { Factors: [Number c, .. var rest] })
            {
                number = Times(number, c);
                others.AddRange(rest);
            }
            else others.Add(power);
        }

        others.Sort(ByForm);
        if (matrix is not null) return MatrixArithmetic.Scale(matrix, others.Count == 0 ? number : new Product([number, .. others]), budget);
        if (others.Count == 0) return number;
        if (number.Value.IsOne) return others.Count == 1 ? others[0] : new Product([.. others]);

        // A number in front of one sum is multiplied in, so that 2(x+1) and 2x+2 have one form.
        if (others is [Sum sum] && sum.Terms.Length <= 64) return Of(new Sum([.. sum.Terms.Select(t => (Expr)new Product([number, t]))]), budget);
        return new Product([number, .. others]);
    }

    private static void Collect(Dictionary<string, (Expr Base, Rational Exponent)> bases, Expr b, Rational exponent) =>
        bases[b.Form] = bases.TryGetValue(b.Form, out var known) ? (b, known.Exponent + exponent) : (b, exponent);

    // Bringing a fraction to lowest terms is quadratic in its bits.
    private static void Charge(Rational a, Rational b, WorkBudget budget)
    {
        var bits = a.Bits + b.Bits;
        if (bits > 256) budget.Spend(a.IsInteger && b.IsInteger ? bits * bits / 100_000 : bits * bits / 1_400);
    }

    // A decimal keeps its places under a change of sign and under powers of ten: scientific notation.
    private static Number Times(Number a, Number b)
    {
        var value = a.Value * b.Value;
        if (a.Places is not null && PowerOfTen(b.Value) is { } up) return new Number(value, a.Places - up, a.Digits);
        if (b.Places is not null && PowerOfTen(a.Value) is { } shift) return new Number(value, b.Places - shift, b.Digits);
        return new Number(value);
    }

    private static int? PowerOfTen(Rational value)
    {
        var magnitude = Rational.Abs(value);
        if (magnitude.IsOne) return 0;
        var inverse = magnitude < Rational.One;
        var n = inverse ? magnitude.Denominator : magnitude.Numerator;
        if (!(inverse ? magnitude.Numerator : magnitude.Denominator).IsOne) return null;
        var power = (int)System.Math.Round((n.GetBitLength() - 1) * 0.30102999566398120, MidpointRounding.ToEven);
        for (var candidate = Max(1, power - 1); candidate <= power + 1; candidate++)
        {
            if (BigInteger.Pow(10, candidate) == n) return inverse ? -candidate : candidate;
        }

        return null;
    }

    private static Expr OfPower(Expr b, Expr exponent, WorkBudget budget)
    {
        if (exponent is Number { Value: var e })
        {
            if (e.IsOne) return b;
            if (e.IsZero) return b is Number { Value.IsZero: true } ? Build.Call("undefined", b) : Number.One;
            if (e.IsInteger)
            {
                if (b is Number n) return (Expr?)FoldPower(n, e, budget) ?? LargePower(n.Value, e);
                if (b is Constant { Kind: ConstantKind.I }) return PowerOfI(e.Numerator);
                if (b is Power { Exponent: Number inner } p) return OfPower(p.Base, new Number(inner.Value * e), budget);
                if (b is Product product && Rational.Abs(e) <= 64) return OfProduct(new Product([.. product.Factors.Select(f => (Expr)new Power(f, exponent))]), budget);
                if (b is Matrix square && e == Rational.MinusOne && MatrixArithmetic.Inverse(square, budget) is { } inverse) return inverse;
                if (b is Matrix matrix && e.Sign > 0 && e <= 16) return (Expr?)MatrixArithmetic.Power(matrix, (int)e.Numerator, budget) ?? new Power(b, exponent);
            }
            else if (b is Number { Value: var v } && Surds.Simplify(v, e, budget) is { } surd) return surd;
        }

        if (exponent is Symbol { Name: "T" or "\\top" or "\\intercal" })
        {
            if (b is Matrix rows) return MatrixArithmetic.Transpose(rows);
            if (b is Sequence { Kind: SequenceKind.Tuple }) return b;
        }

        if (b is Number { Value.IsOne: true } && !IsInfinite(exponent)) return Number.One;
        if (b is Constant { Kind: ConstantKind.E } && exponent is Call { Name: "ln" } ln) return ln.Argument;
        return new Power(b, exponent);
    }

    // A power too large to fold, on the smallest base: 4^100000 and 2^200000 have one form.
    private static Power LargePower(Rational b, Rational exponent)
    {
        if (b is { IsInteger: true, Sign: > 0 } && b.Bits <= 512)
        {
            for (var degree = 9; degree >= 2; degree--)
            {
                var root = Surds.IntegerRoot(b.Numerator, degree);
                if (!root.IsOne && BigInteger.Pow(root, degree) == b.Numerator) return LargePower(root, exponent * degree);
            }
        }

        return new Power(new Number(b), new Number(exponent));
    }

    // The exponent p/q with b^p = x^q, for small q: log_8(4) is 2/3.
    private static Number? Logarithm(Rational x, Rational b, WorkBudget budget)
    {
        if (x.Sign <= 0 || b.Sign <= 0 || b.IsOne || x.Bits > 4_000 || b.Bits > 64) return null;
        if (x.IsOne) return Number.Zero;
        var ratio = (BigInteger.Log(x.Numerator) - BigInteger.Log(x.Denominator)) / (BigInteger.Log(b.Numerator) - BigInteger.Log(b.Denominator));
        for (var q = 1; q <= 6; q++)
        {
            var p = System.Math.Round(ratio * q);
            if (Abs(p - ratio * q) > 1e-6 || Abs(p) > 4_000) continue;
            budget.Spend(200);
            if (FoldPower(new Number(b), (int)p, budget)?.Value == Rational.Pow(x, q)) return new Number(Rational.Of((int)p, q));
        }

        return null;
    }

    private static Number? FoldPower(Number b, Rational exponent, WorkBudget budget)
    {
        if (b.Value.IsZero) return exponent.Sign > 0 ? b : null;
        if (Rational.Abs(b.Value).IsOne) return new Number(b.Value.Sign < 0 && !exponent.Numerator.IsEven ? Rational.MinusOne : Rational.One);
        if (Rational.Abs(exponent) > 1_000_000 || b.Value.Bits * Rational.Abs(exponent).Numerator > MaxBits) return null;
        var bits = b.Value.Bits * (long)BigInteger.Abs(exponent.Numerator);
        budget.Spend(1 + bits / 8);
        return new Number(Rational.Pow(b.Value, (int)exponent.Numerator));
    }

    private static Expr PowerOfI(BigInteger exponent) => (int)(((exponent % 4) + 4) % 4) switch
    {
        0 => Number.One,
        1 => Constant.I,
        2 => Number.MinusOne,
        _ => new Product([Number.MinusOne, Constant.I]),
    };

    private static Expr OfCall(string name, Expr[] arguments, WorkBudget budget)
    {
        switch (name)
        {
            case "log" when arguments is [var x, Constant { Kind: ConstantKind.E }]: return Build.Call("ln", x);
            case "cup" or "cap" when arguments.Length == 2:
                var flat = arguments.SelectMany(a => a is Call c && c.Name == name ? c.Arguments : [a]).DistinctBy(a => a.Form).ToArray();
                Array.Sort(flat, ByForm);
                return flat.Length == 1 ? flat[0] : new Call(name, flat);
            case "abs" when arguments is [Number n]: return new Number(Rational.Abs(n.Value), n.Places, n.Digits);
            case "pm" when arguments is [Number { Value.IsZero: true } zero]: return zero;
            case "log" when arguments is [Number x, Number b] && Logarithm(x.Value, b.Value, budget) is { } exact: return exact;
            case "ln" when arguments is [Constant { Kind: ConstantKind.E }]: return Number.One;
            case "ln" when arguments is [Power { Base: Constant { Kind: ConstantKind.E }, Exponent: Number exponent }]: return exponent;
            case "ln" when arguments is [Number { Value.IsOne: true }]: return Number.Zero;
            case "det" when arguments is [Matrix m] && MatrixArithmetic.Determinant(m) is { } determinant: return Of(determinant, budget);
            default: return new Call(name, arguments);
        }
    }
}
