using System.Collections.Concurrent;
using System.Numerics;

namespace Fleet.Rewards.Math.Numeric;

/// <summary>Exponential, logarithm, sine, cosine and arc tangent of balls, with certified bounds.</summary>
/// <remarks>All work is on fixed-point integers with guard bits; an error of a few last places is added to the radius of the result.</remarks>
internal static class Elementary
{
    private const int Guard = 48;

    private static readonly ConcurrentDictionary<int, BigInteger> PiCache = new();
    private static readonly ConcurrentDictionary<int, BigInteger> Ln2Cache = new();

    /// <summary>Pi with so many bits after the point, off by less than one.</summary>
    public static BigInteger PiFixed(int bits) => PiCache.GetOrAdd(bits, static b =>
    {
        var f = b + 16;
        return (16 * ArcTanInverse(5, f) - 4 * ArcTanInverse(239, f)) >> 16;
    });

    public static BigInteger Ln2Fixed(int bits) => Ln2Cache.GetOrAdd(bits, static b =>
    {
        // 18 atanh(1/26) - 2 atanh(1/4801) + 8 atanh(1/8749)
        var f = b + 16;
        return (18 * ArcTanhInverse(26, f) - 2 * ArcTanhInverse(4801, f) + 8 * ArcTanhInverse(8749, f)) >> 16;
    });

    public static Ball Pi(int precision) => new(PiFixed(precision), 1, -precision);

    private static BigInteger ArcTanInverse(int x, int bits) => Series(x, bits, -1);

    private static BigInteger ArcTanhInverse(int x, int bits) => Series(x, bits, 1);

    private static BigInteger Series(int x, int bits, int sign)
    {
        var power = (BigInteger.One << bits) / x;
        var sum = power;
        for (var n = 3; !power.IsZero; n += 2)
        {
            power = power / ((long)x * x);
            sum += (sign < 0 && n % 4 == 3 ? -1 : 1) * power / n;
        }

        return sum;
    }

    /// <summary>e^x; null when the bound of x is too wide or the result too large.</summary>
    public static Ball? Exp(Ball x, int precision)
    {
        if (x.IsExactZero) return Ball.One;
        if (x.Magnitude > 38) return null;
        var f = precision + Guard;
        var extra = (int)Max(0, x.Magnitude);
        var ln2 = Ln2Fixed(f + extra);
        var fixedX = x.ToFixed(f + extra);
        var k = BigInteger.Divide(fixedX + (ln2 >> 1), ln2);
        var r = (fixedX - k * ln2) >> extra;
        var (radius, one) = (x.RadiusToFixed(f) + 4, BigInteger.One << f);
        if (radius >= one) return null;

        // Halve the argument a few times, then the series, then square back.
        const int halvings = 8;
        r >>= halvings;
        var term = one;
        var sum = one;
        for (var n = 1; !term.IsZero && !term.Equals(BigInteger.MinusOne); n++)
        {
            term = ((term * r) >> f) / n;
            sum += term;
        }

        for (var i = 0; i < halvings; i++) sum = (sum * sum) >> f;

        // e^r < 2, the series and squarings are off by less than 2^20 last places; the radius is carried over by e^d - 1 <= 2d.
        var error = (BigInteger.One << 20) + 4 * radius;
        return Ball.Round(new Ball(sum, error, (long)k - f), precision);
    }

    /// <summary>The natural logarithm of a certainly positive number; null otherwise.</summary>
    public static Ball? Log(Ball x, int precision)
    {
        if (x.Sign <= 0) return null;
        var f = precision + Guard;
        var bits = (int)x.Mid.GetBitLength();
        var m = f >= bits ? x.Mid << (f - bits) : x.Mid >> (bits - f);

        // m / 2^f lies in [1/2, 1); the root is taken eight times, then 2 atanh((y-1)/(y+1)).
        var one = BigInteger.One << f;
        var y = m;
        for (var i = 0; i < 8; i++) y = Exact.Surds.IntegerRoot(y << f, 2);
        var z = ((y - one) << f) / (y + one);
        var square = (z * z) >> f;
        var power = z;
        var sum = z;
        for (var n = 3; !power.IsZero && !power.Equals(BigInteger.MinusOne); n += 2)
        {
            power = (power * square) >> f;
            sum += power / n;
        }

        var log = sum << 9;
        var k = x.Exponent + bits;
        var scale = new BigInteger(k);
        log += scale * Ln2Fixed(f);

        // |log(m + r) - log(m)| <= 2r/m while r <= m/2.
        if (2 * x.Radius > BigInteger.Abs(x.Mid)) return null;
        var relative = ((x.Radius << f) * 2 / x.Mid) + (BigInteger.One << 20) + BigInteger.Abs(scale);
        return Ball.Round(new Ball(log, relative, -f), precision);
    }

    /// <summary>Sine and cosine; null when the bound of x is too wide or x too large.</summary>
    public static (Ball Sin, Ball Cos)? SinCos(Ball x, int precision)
    {
        if (x.IsExactZero) return (Ball.Zero, Ball.One);
        if (x.Magnitude > 4 * precision) return null;
        var f = precision + Guard;
        var extra = (int)Max(0, x.Magnitude);
        var halfPi = PiFixed(f + extra) >> 1;
        var fixedX = x.ToFixed(f + extra);
        var quadrant = Floor(fixedX + (halfPi >> 1), halfPi);
        var r = (fixedX - quadrant * halfPi) >> extra;
        var radius = x.RadiusToFixed(f) + 8;
        if (radius >= BigInteger.One << f) return null;

        var one = BigInteger.One << f;
        var square = (r * r) >> f;
        var (sin, cos) = (r, one);
        var (sinTerm, cosTerm) = (r, one);
        for (var n = 1; n < 4 * f; n++)
        {
            cosTerm = -((cosTerm * square) >> f) / ((2L * n - 1) * (2 * n));
            sinTerm = -((sinTerm * square) >> f) / ((2L * n) * (2 * n + 1));
            cos += cosTerm;
            sin += sinTerm;
            if (BigInteger.Abs(cosTerm) <= 1 && BigInteger.Abs(sinTerm) <= 1) break;
        }

        var error = radius + (BigInteger.One << 16);
        var (s, c) = (new Ball(sin, error, -f), new Ball(cos, error, -f));
        var q = (int)(((quadrant % 4) + 4) % 4);
        var (resultSin, resultCos) = q switch { 0 => (s, c), 1 => (c, -s), 2 => (-s, -c), _ => (-c, s) };
        return (Ball.Round(resultSin, precision), Ball.Round(resultCos, precision));
    }

    /// <summary>The arc tangent.</summary>
    public static Ball? ArcTan(Ball x, int precision)
    {
        if (x.IsExactZero) return x;
        if (x.Magnitude > 2)
        {
            // atan x = +-pi/2 - atan 1/x
            if (x.Sign == 0 || Ball.Invert(x, precision + Guard) is not { } inverse || ArcTan(inverse, precision + 8) is not { } part) return null;
            var pi = Pi(precision + Guard);
            var half = new Ball(pi.Mid, pi.Radius, pi.Exponent - 1);
            return Ball.Add(x.Sign > 0 ? half : -half, -part, precision);
        }

        var f = precision + Guard;
        var one = BigInteger.One << f;
        var y = x.ToFixed(f);

        // atan y = 2 atan(y / (1 + sqrt(1 + y^2))), eight times.
        for (var i = 0; i < 8; i++)
        {
            var root = Exact.Surds.IntegerRoot((one << f) + y * y, 2);
            y = (y << f) / (one + root);
        }

        var square = (y * y) >> f;
        var power = y;
        var sum = y;
        for (var n = 3; !power.IsZero && !power.Equals(BigInteger.MinusOne); n += 2)
        {
            power = -((power * square) >> f);
            sum += power / n;
        }

        var error = x.RadiusToFixed(f) + (BigInteger.One << 20);
        return Ball.Round(new Ball(sum << 8, error, -f), precision);
    }

    private static BigInteger Floor(BigInteger a, BigInteger b)
    {
        var quotient = BigInteger.DivRem(a, b, out var rest);
        return rest.Sign < 0 ? quotient - 1 : quotient;
    }
}
