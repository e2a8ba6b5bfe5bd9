namespace Fleet.Rewards.Math.Numeric;

/// <summary>A complex number known within bounds. Functions return null where the value is undefined or the bounds are too wide.</summary>
internal readonly record struct ComplexBall(Ball Re, Ball Im)
{
    public bool IsReal => Im.IsExactZero;

    public bool IsExactZero => Re.IsExactZero && Im.IsExactZero;

    public bool ContainsZero => Re.ContainsZero && Im.ContainsZero;

    /// <summary>The value is below 2^this in magnitude, near enough.</summary>
    public long Magnitude => Max(Re.IsExactZero ? long.MinValue : Re.Magnitude, Im.IsExactZero ? long.MinValue : Im.Magnitude);

    public static ComplexBall Of(Ball re) => new(re, Ball.Zero);

    public static ComplexBall operator -(ComplexBall a) => new(-a.Re, -a.Im);

    public static ComplexBall Add(ComplexBall a, ComplexBall b, int precision) => new(Ball.Add(a.Re, b.Re, precision), Ball.Add(a.Im, b.Im, precision));

    public static ComplexBall Multiply(ComplexBall a, ComplexBall b, int precision)
    {
        if (a.IsReal && b.IsReal) return Of(Ball.Multiply(a.Re, b.Re, precision));
        return new ComplexBall(
            Ball.Add(Ball.Multiply(a.Re, b.Re, precision), -Ball.Multiply(a.Im, b.Im, precision), precision),
            Ball.Add(Ball.Multiply(a.Re, b.Im, precision), Ball.Multiply(a.Im, b.Re, precision), precision));
    }

    public static ComplexBall? Invert(ComplexBall a, int precision)
    {
        if (a.IsReal) return Ball.Invert(a.Re, precision) is { } inverse ? Of(inverse) : null;
        var norm = Ball.Add(Ball.Multiply(a.Re, a.Re, precision), Ball.Multiply(a.Im, a.Im, precision), precision);
        return Ball.Invert(norm, precision) is { } n ? new ComplexBall(Ball.Multiply(a.Re, n, precision), -Ball.Multiply(a.Im, n, precision)) : null;
    }

    public static ComplexBall? Exp(ComplexBall a, int precision)
    {
        if (Elementary.Exp(a.Re, precision) is not { } scale) return null;
        if (a.IsReal) return Of(scale);
        return Elementary.SinCos(a.Im, precision) is var (sin, cos) ? new ComplexBall(Ball.Multiply(scale, cos, precision), Ball.Multiply(scale, sin, precision)) : null;
    }

    /// <summary>The principal logarithm.</summary>
    public static ComplexBall? Log(ComplexBall a, int precision)
    {
        if (a.IsReal && a.Re.Sign > 0) return Elementary.Log(a.Re, precision) is { } real ? Of(real) : null;
        if (Argument(a, precision) is not { } argument) return null;
        var norm = Ball.Add(Ball.Multiply(a.Re, a.Re, precision), Ball.Multiply(a.Im, a.Im, precision), precision);
        return Elementary.Log(norm, precision) is { } log ? new ComplexBall(new Ball(log.Mid, log.Radius, log.Exponent - 1), argument) : null;
    }

    private static Ball? Argument(ComplexBall a, int precision)
    {
        var pi = Elementary.Pi(precision);
        if (a.IsReal) return a.Re.Sign < 0 ? pi : null;
        if (a.Re.IsExactZero || a.Re.ContainsZero || a.Re.Magnitude < a.Im.Magnitude)
        {
            // arg = +-pi/2 - atan(re / im)
            if (Quotient(a.Re, a.Im, precision) is not { } q || Elementary.ArcTan(q, precision) is not { } t) return null;
            var half = new Ball(pi.Mid, pi.Radius, pi.Exponent - 1);
            return Ball.Add(a.Im.Sign > 0 ? half : -half, -t, precision);
        }

        if (Quotient(a.Im, a.Re, precision) is not { } quotient || Elementary.ArcTan(quotient, precision) is not { } angle) return null;
        if (a.Re.Sign > 0) return angle;
        if (a.Im.Sign == 0) return null;
        return Ball.Add(angle, a.Im.Sign > 0 ? pi : -pi, precision);
    }

    private static Ball? Quotient(Ball a, Ball b, int precision) => Ball.Invert(b, precision) is { } inverse ? Ball.Multiply(a, inverse, precision) : null;

    public static ComplexBall? Sqrt(ComplexBall a, int precision)
    {
        if (a.IsReal)
        {
            if (a.Re.IsExactZero) return a;
            if (a.Re.Sign > 0) return Ball.Sqrt(a.Re, precision) is { } root ? Of(root) : null;
            return Ball.Sqrt(-a.Re, precision) is { } imaginary ? new ComplexBall(Ball.Zero, imaginary) : null;
        }

        return Log(a, precision) is { } log ? Exp(new ComplexBall(Half(log.Re), Half(log.Im)), precision) : null;
    }

    private static Ball Half(Ball a) => new(a.Mid, a.Radius, a.Exponent - 1);

    /// <summary>An integer power by squaring.</summary>
    public static ComplexBall? Pow(ComplexBall a, long exponent, int precision)
    {
        if (exponent < 0) return Invert(a, precision) is { } inverse ? Pow(inverse, -exponent, precision) : null;
        var result = Of(Ball.One);
        for (var square = a; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) == 1) result = Multiply(result, square, precision);
            if (exponent > 1) square = Multiply(square, square, precision);
            if (Abs(square.Re.Exponent) > Ball.MaxExponent || Abs(result.Re.Exponent) > Ball.MaxExponent) return null;
        }

        return result;
    }
}
