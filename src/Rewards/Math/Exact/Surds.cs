using System.Numerics;
using Fleet.Rewards.Math.Expressions;

namespace Fleet.Rewards.Math.Exact;

/// <summary>Roots of rational numbers by factors: 24^(1/2) is 2*6^(1/2).</summary>
internal static class Surds
{
    /// <summary>Trial division goes this far; what stays above its square is no proven prime.</summary>
    private const int TrialLimit = 1_000;

    private const long MaxRadicandBits = 256;

    /// <summary>The prime factors of a positive integer with their multiplicities, or null when a cofactor is not proven prime.</summary>
    public static List<(BigInteger Prime, int Count)>? Factor(BigInteger n, WorkBudget budget)
    {
        var factors = new List<(BigInteger, int)>();
        if (n.GetBitLength() > MaxRadicandBits) return null;
        for (var p = 2; p <= TrialLimit; p += p == 2 ? 1 : 2)
        {
            if (n.IsOne || (long)p * p > n) break;
            budget.Spend(1);
            var count = 0;
            while ((n % p).IsZero)
            {
                n /= p;
                count++;
            }

            if (count > 0) factors.Add((p, count));
        }

        if (n.IsOne) return factors;
        if (n < (BigInteger)TrialLimit * TrialLimit)
        {
            factors.Add((n, 1));
            return factors;
        }

        // A cofactor that is a perfect square of a proven prime still counts.
        var root = IntegerRoot(n, 2);
        if (root * root != n || root >= (BigInteger)TrialLimit * TrialLimit) return null;
        factors.Add((root, 2));
        return factors;
    }

    /// <summary>The greatest integer whose power is at most <paramref name="n"/>; <paramref name="n"/> is not negative.</summary>
    public static BigInteger IntegerRoot(BigInteger n, int degree)
    {
        if (n.IsZero || n.IsOne) return n;
        var guess = Guess(n, degree);
        while (true)
        {
            var next = ((degree - 1) * guess + n / BigInteger.Pow(guess, degree - 1)) / degree;
            if (next >= guess) return guess;
            guess = next;
        }
    }

    // A little above the root, from the leading bits: Newton's steps then double the digits and only ever come down.
    private static BigInteger Guess(BigInteger n, int degree)
    {
        var bits = (int)n.GetBitLength();
        var drop = Max(0, bits - 62);
        drop += (degree - drop % degree) % degree;
        var lead = (double)(n >> drop);
        var root = Pow(lead + 1, 1.0 / degree);
        if (drop == 0) return new BigInteger(root) + 2;
        var up = drop / degree;

        // 2^30 more digits than the leading part gives would be noise; they are filled with ones by rounding up.
        var scaled = new BigInteger(root * (1 << 20) * (1 + 1e-12)) + 1;
        return up >= 20 ? scaled << (up - 20) : (scaled >> (20 - up)) + 1;
    }

    /// <summary>A rational power of a positive rational number as coefficient times primes to powers between 0 and 1, or null to leave it.</summary>
    public static Expr? Simplify(Rational value, Rational exponent, WorkBudget budget)
    {
        if (value.Sign <= 0 || exponent.Denominator > 64 || Rational.Abs(exponent) > 64) return value.IsZero && exponent.Sign > 0 ? Number.Zero : null;
        var (coefficient, powers) = Powers(value, exponent, budget);
        if (powers is null) return null;

        // Primes under one exponent go under one root.
        var byExponent = new SortedDictionary<Rational, BigInteger>();
        foreach (var (prime, power) in powers) byExponent[power] = byExponent.TryGetValue(power, out var product) ? product * prime : prime;
        var factors = new List<Expr>();
        if (!coefficient.IsOne || byExponent.Count == 0) factors.Add(new Number(coefficient));
        foreach (var (power, product) in byExponent) factors.Add(new Power(new Number(product), new Number(power)));
        if (factors.Count == 1) return factors[0];
        factors.Sort((a, b) => a is Number ? -1 : b is Number ? 1 : string.CompareOrdinal(a.Form, b.Form));
        return new Product([.. factors]);
    }

    /// <summary>A rational power of a positive rational as a rational coefficient and primes with exponents strictly between 0 and 1.</summary>
    public static (Rational Coefficient, List<(BigInteger Prime, Rational Exponent)>? Powers) Powers(Rational value, Rational exponent, WorkBudget budget)
    {
        var coefficient = Rational.One;
        var powers = new List<(BigInteger, Rational)>();
        foreach (var (part, sign) in ((BigInteger, int)[])[(value.Numerator, 1), (value.Denominator, -1)])
        {
            if (Factor(part, budget) is not { } factors) return (coefficient, null);
            foreach (var (prime, count) in factors)
            {
                var power = exponent * count * sign;
                var whole = power.Floor();
                if (BigInteger.Abs(whole) * prime.GetBitLength() > Canonical.MaxBits) return (coefficient, null);
                coefficient *= Rational.Pow(prime, (int)whole);
                var rest = power - whole;
                if (!rest.IsZero) powers.Add((prime, rest));
            }
        }

        return (coefficient, powers);
    }
}
