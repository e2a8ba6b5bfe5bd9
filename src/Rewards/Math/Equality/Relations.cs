using Fleet.Rewards.Math.Expressions;

namespace Fleet.Rewards.Math.Equality;

/// <summary>What a relation says besides itself: the value that it assigns, the residue of a congruence.</summary>
internal static class Relations
{
    /// <summary>A relation without its approximations and detours: "x = 1/3 approx 0.33" is x = 1/3, what an implication leads to is kept.</summary>
    public static Expr Tidy(Expr e)
    {
        if (e is not Relation r) return e;
        var (operands, operators) = (r.Operands, r.Operators);
        var implied = Array.FindLastIndex(operators, o => o is "implies" or "iff");
        if (implied >= 0) (operands, operators) = (operands[(implied + 1)..], operators[(implied + 1)..]);
        var approximate = Array.IndexOf(operators, "approx");
        if (approximate == 0 && IsName(operands[0])) operators = ["=", .. operators[1..]];
        else if (approximate >= 0) (operands, operators) = (operands[..(approximate + 1)], operators[..approximate]);
        if (operators is ["in"] && IsName(operands[0])) operators = ["="];
        if (operators.Length > 0 && Array.TrueForAll(operators, o => o is "equiv" or "=")) operators = [.. operators.Select(_ => "=")];
        return operators.Length == 0 ? operands[0] : new Relation(operands, operators);
    }

    /// <summary>Whether the left side is a name for the right one: made of symbols only, no sum and no number in it, or nothing but a computation.</summary>
    public static bool IsAssignment(Relation r) => IsName(r.Operands[0]) || IsName(r.Operands[^1]) || Atoms.Of(r.Operands[0]) is { IsScalar: true, Forms.Count: 0 };

    /// <summary>The value that an equation gives: its last member, or the first when the last is only a name.</summary>
    /// <param name="r">A chain of equations.</param>
    /// <param name="isConsistent">Whether the chain's members may all be true; the value is null when not.</param>
    public static Expr? Value(Relation r, Func<Relation, bool> isConsistent)
    {
        if (!isConsistent(r)) return null;
        var (first, last) = (r.Operands[0], r.Operands[^1]);
        return IsName(last) && Atoms.Of(first) is { IsScalar: true, Forms.Count: 0 } && first is not Constant ? first : last;
    }

    public static Expr Residue(Expr e) => Tidy(e) is Relation { IsEquation: true } r ? r.Operands[^1] : e;

    /// <summary>Whether the reference takes the left side for a name: symbols, products and tuples of them, functions of symbols.</summary>
    public static bool IsPlainName(Expr e) => IsName(e) && !(e is Call c && c.Name.StartsWith("apply:", StringComparison.Ordinal) && !Array.TrueForAll(c.Arguments, IsName));

    private static bool IsName(Expr e) => e switch
    {
        Symbol or TextValue or Unit => true,
        Constant c => c.Kind != ConstantKind.Infinity,
        Call c => c.Name.StartsWith("apply:", StringComparison.Ordinal) || c.Name is "pm" || (c.Name is "abs" or "prime" or "bar" or "vec" or "hat" or "tilde" or "norm" or "sub" or "angle" or "triangle" or "arc" or "det" or "max" or "min" or "line" && Array.TrueForAll(c.Arguments, IsName))
            || c.Name is "cup" or "cap" or "setminus" && Array.TrueForAll(c.Arguments, a => a is Symbol) || !Atoms.IsKnown(c.Name) && c.Name is not ("cup" or "cap" or "mod"),
        Product p => Array.TrueForAll(p.Factors, IsName),
        Power { Exponent: Number n } p => IsName(p.Base) && n.Value == Exact.Rational.MinusOne,
        Sequence { Kind: SequenceKind.Tuple or SequenceKind.List } s => Array.TrueForAll(s.Items, IsName),
        Ratio r => Array.TrueForAll(r.Parts, IsName),
        _ => false,
    };
}
