using System.Numerics;
using Fleet.Rewards.Math.Exact;

namespace Fleet.Rewards.Math.Expressions;

/// <summary>A parsed answer or a part of one: an immutable tree.</summary>
internal abstract record Expr
{
    private string? _form;

    /// <summary>The tree as text; two canonical trees with the same text are the same tree.</summary>
    public string Form => _form ??= FormPrinter.Print(this);
}

/// <summary>A rational number as written.</summary>
/// <param name="Value">The exact value of the literal.</param>
/// <param name="Places">Digits after the decimal point, counted down by an exponent of ten; null for anything but a decimal literal.</param>
/// <param name="Digits">Significant digits of a decimal literal.</param>
internal sealed record Number(Rational Value, int? Places = null, int Digits = 0) : Expr
{
    public static Number Zero { get; } = new(Rational.Zero);

    public static Number One { get; } = new(Rational.One);

    public static Number MinusOne { get; } = new(Rational.MinusOne);
}

/// <summary>A free variable or any other atom known by its name alone.</summary>
internal sealed record Symbol(string Name) : Expr;

internal enum ConstantKind
{
    Pi,
    E,
    I,
    Infinity,
}

/// <summary>A constant with a meaning of its own.</summary>
internal sealed record Constant(ConstantKind Kind) : Expr
{
    public static Constant Pi { get; } = new(ConstantKind.Pi);

    public static Constant E { get; } = new(ConstantKind.E);

    public static Constant I { get; } = new(ConstantKind.I);

    public static Constant Infinity { get; } = new(ConstantKind.Infinity);
}

internal sealed record Sum(Expr[] Terms) : Expr;

internal sealed record Product(Expr[] Factors) : Expr;

internal sealed record Power(Expr Base, Expr Exponent) : Expr;

/// <summary>A function, named operator or undefined function with its arguments.</summary>
internal sealed record Call(string Name, Expr[] Arguments) : Expr
{
    public Expr Argument => Arguments[0];
}

/// <summary>A sum, product, integral, limit or union over a bound variable.</summary>
internal sealed record Bound(string Name, string Variable, Expr? Lower, Expr? Upper, Expr Body) : Expr;

internal enum SequenceKind
{
    /// <summary>Items side by side, in no order: <c>1, 2</c>.</summary>
    List,

    /// <summary>Items in curly brackets: <c>{1, 2}</c>.</summary>
    Set,

    /// <summary>Items in round or square brackets: <c>(1, 2)</c>; with two items also an open interval.</summary>
    Tuple,
}

/// <summary>Several items.</summary>
/// <param name="Kind">How they stand together.</param>
/// <param name="Items">The items.</param>
/// <param name="Either">Whether "or" stands between the items of a list: of relations, one holds rather than all.</param>
internal sealed record Sequence(SequenceKind Kind, Expr[] Items, bool Either = false) : Expr
{
    public bool IsOrdered => Kind == SequenceKind.Tuple;
}

/// <summary>An interval with at least one closed end; with two open ends it is a <see cref="Sequence"/> of two.</summary>
internal sealed record Interval(bool LeftClosed, Expr Left, Expr Right, bool RightClosed) : Expr;

/// <summary>A matrix, or a vector written as one.</summary>
internal sealed record Matrix(Expr[][] Rows) : Expr;

/// <summary>A relation or a chain of them: <c>a &lt; b &lt;= c</c> has three operands and two operators.</summary>
internal sealed record Relation(Expr[] Operands, string[] Operators) : Expr
{
    public bool IsEquation => Array.TrueForAll(Operators, o => o == "=");
}

/// <summary>A ratio of two or more parts, or a time of day: <c>3:2</c>.</summary>
internal sealed record Ratio(Expr[] Parts) : Expr;

/// <summary>A unit of measure or currency as a factor.</summary>
internal sealed record Unit(string Name) : Expr;

/// <summary>An integer with the base it is written in: <c>1112_3</c>.</summary>
internal sealed record BasedInteger(string Digits, int Base, BigInteger Value) : Expr;

/// <summary>A word, a name or a sentence without formulas.</summary>
internal sealed record TextValue(string Text) : Expr;

/// <summary>A sentence with formulas in it: words as <see cref="TextValue"/>, each formula parsed.</summary>
internal sealed record Phrase(Expr[] Parts) : Expr;
