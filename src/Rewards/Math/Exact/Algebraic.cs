using System.Numerics;
using Fleet.Rewards.Math.Expressions;

namespace Fleet.Rewards.Math.Exact;

/// <summary>A sum of rational multiples of roots of primes, with real and imaginary part: an exact number in canonical form.</summary>
/// <remarks>
/// Products of roots of different primes are independent over the rationals, so two such sums are equal exactly when
/// they have the same terms. A sum is kept small by <see cref="MaxTerms"/>; beyond that the exact way is given up.
/// </remarks>
internal sealed class Algebraic
{
    private const int MaxTerms = 48;
    private const long DearStep = 6_000_000;

    private readonly Term[] _terms;

    private Algebraic(Term[] terms) => _terms = terms;

    private sealed record Term(string Key, (BigInteger Prime, Rational Exponent)[] Roots, Rational Re, Rational Im)
    {
        public bool IsZero => Re.IsZero && Im.IsZero;
    }

    public static Algebraic Zero { get; } = new([]);

    public static Algebraic I { get; } = new([new Term("", [], Rational.Zero, Rational.One)]);

    public bool IsZero => _terms.Length == 0;

    public static Algebraic Of(Rational value) => value.IsZero ? Zero : new Algebraic([new Term("", [], value, Rational.Zero)]);

    /// <summary>The number as a rational, or null when it is none.</summary>
    public Rational? AsRational => _terms switch
    {
        [] => Rational.Zero,
        [{ Key: "" } only] when only.Im.IsZero => only.Re,
        _ => null,
    };

    public bool IsReal => Array.TrueForAll(_terms, t => t.Im.IsZero);

    public static Algebraic operator -(Algebraic a) => new([.. a._terms.Select(t => t with { Re = -t.Re, Im = -t.Im })]);

    public static Algebraic? Add(Algebraic a, Algebraic b, WorkBudget budget)
    {
        if (a.IsZero) return b;
        if (b.IsZero) return a;
        if (a._terms.Length == 1 && b._terms.Length == 1 && a._terms[0].Key.Length == 0 && b._terms[0].Key.Length == 0)
        {
            if (!CanSpendOn(a._terms[0], b._terms[0], budget)) return null;
            return Collect([a._terms[0] with { Re = a._terms[0].Re + b._terms[0].Re, Im = a._terms[0].Im + b._terms[0].Im }]);
        }

        var terms = new Dictionary<string, Term>(StringComparer.Ordinal);
        foreach (var t in a._terms.Concat(b._terms)) Accumulate(terms, t, budget);
        return terms.Count > MaxTerms ? null : Collect(terms.Values);
    }

    public static Algebraic? Multiply(Algebraic a, Algebraic b, WorkBudget budget)
    {
        var terms = new Dictionary<string, Term>(StringComparer.Ordinal);
        foreach (var s in a._terms)
        {
            foreach (var t in b._terms)
            {
                if (s.Re.Bits + s.Im.Bits + t.Re.Bits + t.Im.Bits > 4 * Canonical.MaxBits || !CanSpendOn(s, t, budget)) return null;
                Accumulate(terms, Product(s, t), budget);
            }

            if (terms.Count > MaxTerms) return null;
        }

        return Collect(terms.Values);
    }

    private static void Accumulate(Dictionary<string, Term> terms, Term t, WorkBudget budget)
    {
        if (!terms.TryGetValue(t.Key, out var known))
        {
            terms[t.Key] = t;
            return;
        }

        budget.Spend(40);
        terms[t.Key] = t with { Re = t.Re + known.Re, Im = t.Im + known.Im };
    }

    // Integers multiply in one pass; fractions are brought to lowest terms, which is quadratic. One step too dear is left to numerics.
    private static bool CanSpendOn(Term a, Term b, WorkBudget budget)
    {
        var bits = a.Re.Bits + a.Im.Bits + b.Re.Bits + b.Im.Bits;
        var isInteger = a.Re.IsInteger && b.Re.IsInteger && a.Im.IsInteger && b.Im.IsInteger;
        var cost = 60 + bits / 4 + (isInteger ? bits * bits / 100_000 : bits * bits / 1_400);
        if (cost > DearStep) return false;
        budget.Spend(cost);
        return true;
    }

    private static Algebraic Collect(IEnumerable<Term> terms) => new([.. terms.Where(t => !t.IsZero)]);

    private static Term Product(Term s, Term t)
    {
        var (re, im) = s.Im.IsZero && t.Im.IsZero
            ? (s.Re * t.Re, Rational.Zero)
            : (s.Re * t.Re - s.Im * t.Im, s.Re * t.Im + s.Im * t.Re);
        if (s.Roots.Length == 0) return new Term(t.Key, t.Roots, re, im);
        if (t.Roots.Length == 0) return new Term(s.Key, s.Roots, re, im);

        var roots = new SortedDictionary<BigInteger, Rational>();
        foreach (var (prime, exponent) in s.Roots) roots[prime] = exponent;
        foreach (var (prime, exponent) in t.Roots) roots[prime] = roots.TryGetValue(prime, out var known) ? known + exponent : exponent;
        var carry = Rational.One;
        var kept = new List<(BigInteger, Rational)>(roots.Count);
        foreach (var (prime, exponent) in roots)
        {
            var whole = exponent >= Rational.One;
            if (whole) carry *= prime;
            var rest = whole ? exponent - Rational.One : exponent;
            if (!rest.IsZero) kept.Add((prime, rest));
        }

        return Root([.. kept], re * carry, im * carry);
    }

    private static Term Root((BigInteger Prime, Rational Exponent)[] roots, Rational re, Rational im) =>
        new(string.Join('*', roots.Select(r => $"{r.Prime}^{r.Exponent}")), roots, re, im);

    /// <summary>One over the number; null when it is zero or the exact way does not reach.</summary>
    public Algebraic? Invert(WorkBudget budget)
    {
        if (IsZero) return null;
        if (_terms.Length == 1)
        {
            var t = _terms[0];
            var norm = t.Re * t.Re + t.Im * t.Im;
            var (re, im) = (t.Re / norm, -t.Im / norm);
            var roots = new (BigInteger, Rational)[t.Roots.Length];
            for (var i = 0; i < roots.Length; i++)
            {
                re /= t.Roots[i].Prime;
                im /= t.Roots[i].Prime;
                roots[i] = (t.Roots[i].Prime, Rational.One - t.Roots[i].Exponent);
            }

            return new Algebraic([Root(roots, re, im)]);
        }

        // u + v*sqrt(p) times its conjugate has no sqrt(p) left.
        var half = Rational.Of(1, 2);
        var p = _terms.SelectMany(t => t.Roots).Select(r => r.Prime).Max();
        if (_terms.Any(t => t.Roots.Any(r => r.Prime == p && r.Exponent != half))) return null;
        var conjugate = new Algebraic([.. _terms.Select(t => t.Roots.Any(r => r.Prime == p) ? t with { Re = -t.Re, Im = -t.Im } : t)]);
        if (Multiply(this, conjugate, budget) is not { } norm2 || norm2.Invert(budget) is not { } inverse) return null;
        return Multiply(conjugate, inverse, budget);
    }

    /// <summary>An integer power; null when it grows too large.</summary>
    public Algebraic? Pow(BigInteger exponent, WorkBudget budget)
    {
        if (exponent.Sign < 0) return Invert(budget)?.Pow(-exponent, budget);
        if (IsZero) return exponent.IsZero ? null : Zero;
        if (AsRational is { } r && Rational.Abs(r).IsOne) return r.Sign > 0 || exponent.IsEven ? Of(1) : this;
        if (exponent > 100_000) return null;
        if (_terms.Max(t => t.Re.Bits + t.Im.Bits) * (long)exponent > 2 * Canonical.MaxBits) return null;
        if (AsRational is { } rational)
        {
            var bits = rational.Bits * (long)exponent;
            budget.Spend(4 + bits / 8);
            return Of(Rational.Pow(rational, (int)exponent));
        }

        var result = Of(1);
        var square = this;
        for (var e = (int)exponent; e > 0; e >>= 1)
        {
            if ((e & 1) == 1)
            {
                if (Multiply(result, square, budget) is not { } next) return null;
                result = next;
            }

            if (e > 1)
            {
                if (Multiply(square, square, budget) is not { } next) return null;
                square = next;
            }
        }

        return result;
    }

    /// <summary>A broken power of a real number of one term: the principal value, or the real one where the exponent's denominator is odd.</summary>
    /// <param name="exponent">Not an integer.</param>
    /// <param name="realOnly">Whether a root of a negative number has no value.</param>
    /// <param name="budget">Spent by the size of the numbers.</param>
    public Algebraic? PowBroken(Rational exponent, bool realOnly, WorkBudget budget)
    {
        if (IsZero) return exponent.Sign > 0 ? Zero : null;
        if (_terms.Length != 1 || !_terms[0].Im.IsZero || exponent.Denominator > 64 || Rational.Abs(exponent) > 64) return null;
        var term = _terms[0];
        var factor = Rational.One;
        var imaginary = false;
        if (term.Re.Sign < 0)
        {
            if (!exponent.Denominator.IsEven) factor = exponent.Numerator.IsEven ? Rational.One : Rational.MinusOne;
            else if (realOnly || exponent.Denominator != 2) return null;
            else
            {
                // (-1)^(n/2) with n odd: i or -i.
                imaginary = true;
                factor = ((exponent.Numerator % 4) + 4) % 4 == 1 ? Rational.One : Rational.MinusOne;
            }
        }

        var (coefficient, powers) = Surds.Powers(Rational.Abs(term.Re), exponent, budget);
        if (powers is null) return null;
        coefficient *= factor;
        var value = imaginary ? new Algebraic([new Term("", [], Rational.Zero, coefficient)]) : Of(coefficient);
        foreach (var (prime, power) in powers.Concat(term.Roots.Select(r => (r.Prime, r.Exponent * exponent))))
        {
            var whole = power.Floor();
            if (BigInteger.Abs(whole) > 4096) return null;
            var scale = Rational.Pow(prime, (int)whole);
            var rest = power - whole;
            var root = rest.IsZero ? Of(scale) : new Algebraic([Root([(prime, rest)], scale, Rational.Zero)]);
            if (Multiply(value, root, budget) is not { } next) return null;
            value = next;
        }

        return value;
    }
}
