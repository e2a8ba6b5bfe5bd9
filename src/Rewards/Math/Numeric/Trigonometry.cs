namespace Fleet.Rewards.Math.Numeric;

/// <summary>Trigonometric and hyperbolic functions and their inverses.</summary>
internal static class Trigonometry
{
    /// <summary>The value of a function of this name, or null when it is unknown here, undefined, or not sharp enough.</summary>
    public static ComplexBall? Evaluate(string name, ComplexBall x, int precision, WorkBudget budget)
    {
        budget.Spend(45 * precision);
        switch (name)
        {
            case "sin": return SinCos(x, precision)?.Sin;
            case "cos": return SinCos(x, precision)?.Cos;
            case "tan": return SinCos(x, precision) is var (s, c) ? Divide(s, c, precision) : null;
            case "cot": return SinCos(x, precision) is var (s2, c2) ? Divide(c2, s2, precision) : null;
            case "sec": return SinCos(x, precision) is var (_, c3) ? ComplexBall.Invert(c3, precision) : null;
            case "csc": return SinCos(x, precision) is var (s4, _) ? ComplexBall.Invert(s4, precision) : null;
            case "sinh": return Hyperbolic(x, -1, precision);
            case "cosh": return Hyperbolic(x, 1, precision);
            case "tanh": return Hyperbolic(x, -1, precision) is { } sh && Hyperbolic(x, 1, precision) is { } ch ? Divide(sh, ch, precision) : null;
            case "coth": return Hyperbolic(x, -1, precision) is { } sh2 && Hyperbolic(x, 1, precision) is { } ch2 ? Divide(ch2, sh2, precision) : null;
            case "sech": return Hyperbolic(x, 1, precision) is { } ch3 ? ComplexBall.Invert(ch3, precision) : null;
            case "csch": return Hyperbolic(x, -1, precision) is { } sh3 ? ComplexBall.Invert(sh3, precision) : null;
            case "arctan": return x.IsReal && Elementary.ArcTan(x.Re, precision) is { } at ? ComplexBall.Of(at) : null;
            case "arccot": return x.IsReal && Elementary.ArcTan(x.Re, precision) is { } ac ? Complement(ac, precision) : null;
            case "arcsin": return ArcSin(x, precision);
            case "arccos": return ArcSin(x, precision) is { } asin ? Complement(asin.Re, precision) : null;
            case "arcsec": return ComplexBall.Invert(x, precision) is { } i1 && ArcSin(i1, precision) is { } as1 ? Complement(as1.Re, precision) : null;
            case "arccsc": return ComplexBall.Invert(x, precision) is { } i2 ? ArcSin(i2, precision) : null;
            case "arsinh": return Area(x, 1, precision);
            case "arcosh": return x.IsReal && x.Re.Sign > 0 ? Area(x, -1, precision) : null;
            case "artanh": return ArTanh(x, precision);
            case "sgn": return x.IsReal && x.Re.Sign != 0 ? ComplexBall.Of(x.Re.Sign > 0 ? Ball.One : -Ball.One) : null;
            case "cbrt": return null;
            default: return null;
        }
    }

    private static ComplexBall? Divide(ComplexBall a, ComplexBall b, int precision) => ComplexBall.Invert(b, precision) is { } inverse ? ComplexBall.Multiply(a, inverse, precision) : null;

    private static Ball Half(Ball a) => new(a.Mid, a.Radius, a.Exponent - 1);

    private static (ComplexBall Sin, ComplexBall Cos)? SinCos(ComplexBall x, int precision)
    {
        if (x.IsReal) return Elementary.SinCos(x.Re, precision) is var (sin, cos) ? (ComplexBall.Of(sin), ComplexBall.Of(cos)) : null;

        // By e^{ix} and its reciprocal.
        if (ComplexBall.Exp(new ComplexBall(-x.Im, x.Re), precision) is not { } up || ComplexBall.Invert(up, precision) is not { } down) return null;
        var sum = ComplexBall.Add(up, down, precision);
        var difference = ComplexBall.Add(up, -down, precision);
        return (new ComplexBall(Half(difference.Im), -Half(difference.Re)), new ComplexBall(Half(sum.Re), Half(sum.Im)));
    }

    private static ComplexBall? Hyperbolic(ComplexBall x, int sign, int precision)
    {
        if (x.IsExactZero) return ComplexBall.Of(sign > 0 ? Ball.One : Ball.Zero);
        if (ComplexBall.Exp(x, precision) is not { } up || ComplexBall.Invert(up, precision) is not { } down) return null;
        var sum = ComplexBall.Add(up, sign > 0 ? down : -down, precision);
        return new ComplexBall(Half(sum.Re), Half(sum.Im));
    }

    private static ComplexBall Complement(Ball angle, int precision) => ComplexBall.Of(Ball.Add(Half(Elementary.Pi(precision)), -angle, precision));

    // asin x = atan(x / sqrt(1 - x^2)); the ends are a right angle.
    private static ComplexBall? ArcSin(ComplexBall x, int precision)
    {
        if (!x.IsReal) return null;
        if (x.IsExactZero) return x;
        var rest = Ball.Add(Ball.One, -Ball.Multiply(x.Re, x.Re, precision), precision);
        if (rest.IsExactZero) return ComplexBall.Of(x.Re.Sign > 0 ? Half(Elementary.Pi(precision)) : -Half(Elementary.Pi(precision)));
        if (rest.Sign <= 0 || Ball.Sqrt(rest, precision) is not { } root || Ball.Invert(root, precision) is not { } inverse) return null;
        return Elementary.ArcTan(Ball.Multiply(x.Re, inverse, precision), precision) is { } angle ? ComplexBall.Of(angle) : null;
    }

    private static ComplexBall? Area(ComplexBall x, int sign, int precision)
    {
        if (!x.IsReal) return null;
        var square = Ball.Add(Ball.Multiply(x.Re, x.Re, precision), sign > 0 ? Ball.One : -Ball.One, precision);
        return Ball.Sqrt(square, precision) is { } root ? ComplexBall.Log(ComplexBall.Of(Ball.Add(x.Re, root, precision)), precision) : null;
    }

    private static ComplexBall? ArTanh(ComplexBall x, int precision)
    {
        if (!x.IsReal) return null;
        var one = ComplexBall.Of(Ball.One);
        if (Divide(ComplexBall.Add(one, x, precision), ComplexBall.Add(one, -x, precision), precision) is not { } ratio || ratio.Re.Sign <= 0) return null;
        return ComplexBall.Log(ratio, precision) is { } log ? ComplexBall.Of(Half(log.Re)) : null;
    }
}
