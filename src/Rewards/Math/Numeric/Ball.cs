using System.Numerics;
using Fleet.Rewards.Math.Exact;

namespace Fleet.Rewards.Math.Numeric;

/// <summary>A real number known within a bound: every value in [Mid - Radius, Mid + Radius] * 2^Exponent is possible.</summary>
internal readonly struct Ball
{
    /// <summary>An exponent beyond this is given up as too large to evaluate.</summary>
    public const long MaxExponent = 1L << 40;

    public Ball(BigInteger mid, BigInteger radius, long exponent)
    {
        Mid = mid;
        Radius = radius;
        Exponent = exponent;
    }

    public BigInteger Mid { get; }

    public BigInteger Radius { get; }

    public long Exponent { get; }

    public static Ball Zero => new(0, 0, 0);

    public static Ball One => new(1, 0, 0);

    public bool IsExactZero => Mid.IsZero && Radius.IsZero;

    public bool ContainsZero => BigInteger.Abs(Mid) <= Radius;

    /// <summary>1 or -1 when the sign is certain, else 0.</summary>
    public int Sign => ContainsZero ? 0 : Mid.Sign;

    /// <summary>An upper bound of the magnitude: the value is below 2^this.</summary>
    public long Magnitude => (BigInteger.Abs(Mid) + Radius).GetBitLength() + Exponent;

    public static Ball Of(Rational value, int precision)
    {
        if (value.IsInteger) return Round(new Ball(value.Numerator, 0, 0), precision);
        var shift = (int)Max(0, precision + 4 + value.Denominator.GetBitLength() - value.Numerator.GetBitLength());
        return Round(new Ball((value.Numerator << shift) / value.Denominator, 1, -shift), precision);
    }

    public static Ball operator -(Ball a) => new(-a.Mid, a.Radius, a.Exponent);

    public static Ball Add(Ball a, Ball b, int precision)
    {
        if (a.IsExactZero) return b;
        if (b.IsExactZero) return a;
        if (a.Exponent < b.Exponent) (a, b) = (b, a);
        var shift = a.Exponent - b.Exponent;

        // The smaller one is below the last bit of the larger: it only widens the bound.
        if (shift > 4L * precision + b.Mid.GetBitLength() + 64)
        {
            var wide = new Ball(a.Mid << (2 * precision), (a.Radius << (2 * precision)) + 1, a.Exponent - 2 * precision);
            return Round(wide, precision);
        }

        return Round(new Ball((a.Mid << (int)shift) + b.Mid, (a.Radius << (int)shift) + b.Radius, b.Exponent), precision);
    }

    public static Ball Multiply(Ball a, Ball b, int precision)
    {
        if (a.IsExactZero || b.IsExactZero) return Zero;
        var radius = BigInteger.Abs(a.Mid) * b.Radius + BigInteger.Abs(b.Mid) * a.Radius + a.Radius * b.Radius;
        return Round(new Ball(a.Mid * b.Mid, radius, a.Exponent + b.Exponent), precision);
    }

    /// <summary>One over the number; null when it may be zero.</summary>
    public static Ball? Invert(Ball a, int precision)
    {
        if (a.ContainsZero) return null;
        var mid = BigInteger.Abs(a.Mid);
        var shift = (int)(precision + 4 + mid.GetBitLength());
        var quotient = (BigInteger.One << shift) / mid;

        // |1/m - 1/x| <= r / (m (m - r)).
        var error = (quotient * a.Radius / (mid - a.Radius)) + 2;
        return Round(new Ball(a.Mid.Sign < 0 ? -quotient : quotient, error, -shift - a.Exponent), precision);
    }

    /// <summary>The square root of a number that is certainly not negative; null otherwise.</summary>
    public static Ball? Sqrt(Ball a, int precision)
    {
        if (a.IsExactZero) return a;
        if (a.Sign <= 0) return null;
        var shift = (int)Max(0, 2 * precision + 8 - a.Mid.GetBitLength());
        if (((a.Exponent - shift) & 1) != 0) shift++;
        var root = Surds.IntegerRoot(a.Mid << shift, 2);

        // |sqrt(x) - sqrt(m)| <= r / sqrt(m) while r < m.
        var error = ((a.Radius << shift) / root) + 2;
        return Round(new Ball(root, error, (a.Exponent - shift) / 2), precision);
    }

    /// <summary>The same number on a mantissa of about <paramref name="precision"/> bits.</summary>
    public static Ball Round(Ball a, int precision)
    {
        var excess = Max(a.Mid.GetBitLength() - precision, a.Radius.GetBitLength() - 48);
        if (excess <= 0) return a;
        return new Ball(a.Mid >> (int)excess, (a.Radius >> (int)excess) + 2, a.Exponent + excess);
    }

    /// <summary>The midpoint as a fixed-point number with so many bits after the point.</summary>
    public BigInteger ToFixed(int bits)
    {
        var shift = Exponent + bits;
        return shift >= 0 ? Mid << (int)shift : Mid >> (int)Min(-shift, int.MaxValue);
    }

    /// <summary>The radius as a fixed-point number, rounded up.</summary>
    public BigInteger RadiusToFixed(int bits)
    {
        var shift = Exponent + bits;
        return shift >= 0 ? Radius << (int)shift : (Radius >> (int)Min(-shift, int.MaxValue)) + 1;
    }
}
