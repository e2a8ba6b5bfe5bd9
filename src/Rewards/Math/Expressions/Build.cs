using Fleet.Rewards.Math.Exact;

namespace Fleet.Rewards.Math.Expressions;

/// <summary>Short ways to write trees down.</summary>
internal static class Build
{
    public static Number Int(int value) => new(value);

    public static Expr Negate(Expr e) => e is Number n ? new Number(-n.Value, n.Places, n.Digits) : new Product([Number.MinusOne, e]);

    public static Expr Add(Expr a, Expr b) => new Sum([a, b]);

    public static Expr Subtract(Expr a, Expr b) => new Sum([a, Negate(b)]);

    public static Expr Multiply(Expr a, Expr b) => new Product([a, b]);

    public static Expr Divide(Expr a, Expr b) => new Product([a, Reciprocal(b)]);

    public static Expr Reciprocal(Expr e) => new Power(e, Number.MinusOne);

    public static Expr Root(Expr e, Expr degree) => degree is Number { Value: var v } && !v.IsZero
        ? new Power(e, new Number(Rational.One / v))
        : new Power(e, Reciprocal(degree));

    public static Expr Sqrt(Expr e) => new Power(e, new Number(Rational.Of(1, 2)));

    public static Call Call(string name, params Expr[] arguments) => new(name, arguments);

    /// <summary>The number of an expression that is one literally, a leading minus included.</summary>
    public static Number? AsNumber(Expr e) => e switch
    {
        Number n => n,
        Product { Factors: [Number { Value.Numerator.IsOne: false } m, Number n] } when m.Value == Rational.MinusOne => new Number(-n.Value, n.Places, n.Digits),
        _ => null,
    };
}
