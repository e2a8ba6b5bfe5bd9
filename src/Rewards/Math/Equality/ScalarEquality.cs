using Fleet.Rewards.Math.Exact;
using Fleet.Rewards.Math.Expressions;
using Fleet.Rewards.Math.Numeric;

namespace Fleet.Rewards.Math.Equality;

internal enum Equal
{
    /// <summary>Proven different.</summary>
    No,

    /// <summary>Equal by exact arithmetic.</summary>
    Exactly,

    /// <summary>Equal to fifty digits and more at every point tried.</summary>
    Numerically,

    /// <summary>A decimal that is the other value's rounding.</summary>
    Rounded,

    /// <summary>The prediction has free variables that the gold has not.</summary>
    FreeVariables,

    /// <summary>No value could be computed to compare.</summary>
    Undecided,
}

/// <summary>Equality of two scalars: exact arithmetic first, then certified numerics at several points.</summary>
internal sealed class ScalarEquality(ComparePolicy policy, WorkBudget budget)
{
    private const int Points = 3;
    private const int MaxTries = 14;

    /// <summary>Bits that two values must share: 166 bits are 50 decimal digits.</summary>
    private const int SharedBits = 166;

    /// <summary>Values beyond 2 to the plus or minus this are equal only by exact arithmetic: their difference may be any number beside them.</summary>
    private const long MaxMagnitude = 16_000;

    private static readonly int[] Precisions = [224, 480, 1100];

    private bool _integers;

    private static readonly Dictionary<string, Rational> NoAtoms = new(StringComparer.Ordinal);

    public Equal Compare(Expr gold, Expr prediction)
    {
        if (gold.Form == prediction.Form) return Equal.Exactly;
        if (gold is Number g && prediction is Number p) return g.Value == p.Value ? Equal.Exactly : CompareDecimals(gold, prediction);

        var goldAtoms = Atoms.Of(gold);
        var atoms = Atoms.Of(prediction);
        if (!goldAtoms.IsScalar || !atoms.IsScalar) return Equal.Undecided;
        if (goldAtoms.HasInfinity || atoms.HasInfinity) return Equal.No;
        if (!atoms.Forms.IsSubsetOf(goldAtoms.Forms))
        {
            if (Renamed(prediction, goldAtoms, atoms) is not { } renamed) return Equal.FreeVariables;
            prediction = Canonical.Of(renamed, budget);
            if (gold.Form == prediction.Form) return Equal.Exactly;
        }

        var result = CompareAtPoints(gold, prediction, goldAtoms, atoms);
        return result == Equal.No ? CompareDecimals(gold, prediction) : result;
    }

    // Letter case alone does not make another variable, unless the gold uses both cases; I may be the imaginary unit.
    private Expr? Renamed(Expr prediction, Atoms gold, Atoms atoms)
    {
        var names = new Dictionary<string, Expr>(StringComparer.Ordinal);
        if (policy.AnyNames && atoms.Forms.Count == gold.Forms.Count)
        {
            foreach (var (form, name) in atoms.Forms.Zip(gold.Forms)) names[form] = new Symbol(name);
            return Substitution.Apply(prediction, names);
        }

        foreach (var form in atoms.Forms.Except(gold.Forms))
        {
            if (form == "I" && gold.HasI)
            {
                names[form] = Constant.I;
                continue;
            }

            var match = gold.Forms.Where(f => string.Equals(f, form, StringComparison.OrdinalIgnoreCase)).ToList();
            if (match.Count != 1 || atoms.Forms.Contains(match[0])) return null;
            names[form] = new Symbol(match[0]);
        }

        return Substitution.Apply(prediction, names);
    }

    private Equal CompareAtPoints(Expr gold, Expr prediction, Atoms goldAtoms, Atoms atoms)
    {
        var free = goldAtoms.Forms.Union(atoms.Forms).ToArray();
        var (hasPi, hasE) = (goldAtoms.HasPi || atoms.HasPi, goldAtoms.HasE || atoms.HasE);
        var seed = Seed(gold.Form) ^ (Seed(prediction.Form) * 31);
        var needed = free.Length == 0 ? 1 : Points;
        _integers = goldAtoms.NeedsIntegers || atoms.NeedsIntegers;
        var exact = ComparePointsExactly(gold, prediction, free, hasPi, hasE, seed, needed);
        if (exact is { } decided) return decided;

        // What cancels term by term needs no digits: a constant left over is the difference, however small beside the terms.
        if (Canonical.Of(Build.Subtract(gold, prediction), budget) is Number rest) return rest.Value.IsZero ? Equal.Exactly : Equal.No;
        return CompareNumerically(gold, prediction, free, seed, needed);
    }

    // Pi and e are like variables here: what holds for every value of them holds.
    private Equal? ComparePointsExactly(Expr gold, Expr prediction, string[] free, bool hasPi, bool hasE, ulong seed, int needed)
    {
        var generic = free.Length > 0 || hasPi || hasE;
        if (generic && free.Length == 0) needed = Points;
        if ((hasPi || hasE) && !IsGenericSafe(gold, prediction)) return null;
        var agreed = 0;
        for (var attempt = 0; attempt < (generic ? MaxTries : 1) && agreed < needed; attempt++)
        {
            var values = generic ? Sample(free, seed, attempt) : NoAtoms;
            if (hasPi) values["\\pi"] = Value(seed, attempt, 1001);
            if (hasE) values["e"] = Value(seed, attempt, 1002);
            var evaluator = new ExactEvaluator(values, free.Length > 0, budget);
            if (evaluator.Evaluate(gold) is not { } g || evaluator.Evaluate(prediction) is not { } p)
            {
                if (attempt >= 3 && agreed == 0) return null;
                continue;
            }

            if (Algebraic.Add(g, -p, budget) is not { } difference) return null;
            if (!difference.IsZero)
            {
                // With pi and e both, a difference of the generic values proves nothing.
                return hasPi && hasE ? null : Equal.No;
            }

            agreed++;
        }

        return agreed >= needed ? Equal.Exactly : null;
    }

    // Under a root or a sign function a generic value of pi could take another branch than pi itself.
    private static bool IsGenericSafe(Expr gold, Expr prediction) => Substitution.IsPolynomialLike(gold) && Substitution.IsPolynomialLike(prediction);

    private Equal CompareNumerically(Expr gold, Expr prediction, string[] free, ulong seed, int needed)
    {
        var agreed = 0;
        for (var attempt = 0; attempt < (free.Length == 0 ? 1 : MaxTries) && agreed < needed; attempt++)
        {
            var values = free.Length == 0 ? NoAtoms : Sample(free, seed, attempt);
            var verdict = CompareAt(gold, prediction, values, free.Length > 0);
            if (verdict == Equal.No) return Equal.No;
            if (verdict == Equal.Numerically) agreed++;
        }

        return agreed >= needed || (agreed >= 2 && free.Length > 0) ? Equal.Numerically : Equal.Undecided;
    }

    private Equal CompareAt(Expr gold, Expr prediction, Dictionary<string, Rational> values, bool realOnly)
    {
        var finest = (LiteralBits(gold) + LiteralBits(prediction) + 63) / 64 * 64;
        foreach (var step in Precisions)
        {
            var precision = step + finest;
            var evaluator = new NumericEvaluator(values, realOnly, precision, budget);
            if (evaluator.Evaluate(gold) is not { } g || evaluator.Evaluate(prediction) is not { } p)
            {
                // A higher precision helps only where bounds were too wide.
                if (step > Precisions[0]) return Equal.Undecided;
                continue;
            }

            var difference = ComplexBall.Add(g, -p, precision);
            if (!difference.ContainsZero) return Equal.No;
            if (difference.IsExactZero) return Equal.Numerically;
            var scale = Max(g.Magnitude, p.Magnitude);
            if (Abs(scale) > MaxMagnitude) return Equal.Undecided;
            if (difference.Magnitude <= scale - SharedBits - finest || difference.Magnitude <= -2 * SharedBits - finest) return Equal.Numerically;
        }

        return Equal.Undecided;
    }

    // A long literal asks for as many digits more: it may have been written to agree in the first fifty.
    private static int LiteralBits(Expr e) => e switch
    {
        Number n => n.Value.Bits > 64 ? (int)Min(n.Value.Bits, 2_000) : 0,
        Sum s => s.Terms.Max(LiteralBits),
        Product p => p.Factors.Max(LiteralBits),
        Power p => Max(LiteralBits(p.Base), LiteralBits(p.Exponent)),
        Call { Arguments.Length: > 0 } c => c.Arguments.Max(LiteralBits),
        Bound b => LiteralBits(b.Body),
        _ => 0,
    };

    private Equal CompareDecimals(Expr gold, Expr prediction)
    {
        var goldDecimal = gold is Number { Places: not null };
        var decimalPrediction = prediction is Number { Places: not null };
        if (!goldDecimal && !decimalPrediction) return Equal.No;
        if (Approximation(gold) is not { } g || Approximation(prediction) is not { } p) return Equal.No;
        if (policy.Rounding is { } places) return Round(g, places) == Round(p, places) ? Equal.Rounded : Equal.No;
        if (decimalPrediction && IsRounding((Number)prediction, g)) return Equal.Rounded;
        return goldDecimal && IsRounding((Number)gold, p) ? Equal.Rounded : Equal.No;
    }

    private static System.Numerics.BigInteger Round(Rational value, int places) => (value * Rational.Pow(10, places) + Rational.Of(1, 2)).Floor();

    // A decimal stands for a value when it is its rounding at six places or more, or cut off at seven or more, or the print of a double (15 to 17 digits).
    private bool IsRounding(Number literal, Rational value)
    {
        var places = literal.Places!.Value;
        var difference = Rational.Abs(literal.Value - value);
        if (literal.Digits is >= 15 and <= 17 && !value.IsZero && difference <= Rational.Abs(value) * Rational.Pow(10, -12)) return true;
        if (places < policy.RoundingPlaces || literal.Digits < 4) return false;
        var unit = Rational.Pow(10, -Min(places, 4_000));
        return difference * 2 <= unit || (places > policy.RoundingPlaces && difference < unit && Rational.Abs(literal.Value) <= Rational.Abs(value));
    }

    // Within 10^-60 of the value, relatively: enough to decide about a rounding.
    private Rational? Approximation(Expr e)
    {
        if (e is Number n) return n.Value;
        if (Atoms.Of(e) is not { IsScalar: true, Forms.Count: 0 }) return null;
        if (new NumericEvaluator(NoAtoms, false, 240, budget).Evaluate(e) is not { IsReal: true, Re: var ball }) return null;
        if (Abs(ball.Exponent) > 4_000) return null;
        var exponent = (int)ball.Exponent;
        return exponent >= 0 ? ball.Mid << exponent : Rational.Of(ball.Mid, System.Numerics.BigInteger.One << -exponent);
    }

    private Dictionary<string, Rational> Sample(string[] free, ulong seed, int attempt)
    {
        var values = new Dictionary<string, Rational>(free.Length + 2, StringComparer.Ordinal);
        for (var i = 0; i < free.Length; i++) values[free[i]] = _integers ? (int)(Mix(seed + (ulong)(attempt * 1_009 + i)) % 60) + 2 : Value(seed, attempt, i);
        return values;
    }

    // Positive and negative, below and above one; from the texts compared, so that nobody can aim at the points.
    private static Rational Value(ulong seed, int attempt, int index)
    {
        var bits = Mix(seed + (ulong)(attempt * 1_009 + index * 7_919 + 1));
        var numerator = 1_009 + (int)(bits % 60_000);
        var denominator = attempt % 3 == 1 ? 60_013 + (int)((bits >> 20) % 30_000) : 97 + (int)((bits >> 20) % 8_000);
        var value = Rational.Of(numerator, denominator);
        return attempt % 4 >= 2 && ((bits >> 40) & 1) == 0 ? -value : value;
    }

    private static ulong Seed(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text) hash = (hash ^ c) * 1099511628211UL;
        return Mix(hash);
    }

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9UL;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebUL;
        return x ^ (x >> 31);
    }
}
